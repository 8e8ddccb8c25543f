/** The drawing itself, apart so that d3 comes only with the first chart. */
import { scaleBand, scaleLinear, scalePoint } from 'd3-scale'
import { line, stack } from 'd3-shape'
import { useEffect, useId, useRef, useState } from 'react'
import { TONES, type ChartProps, type Datum, type SeriesTone } from './Chart'

type PlotProps = ChartProps & { format: (value: number) => string }

export default function Plot(props: PlotProps) {
  const [ref, width] = useWidth()
  const hatch = useId()
  const Kind = { bars: Bars, columns: Columns, line: Line }[props.kind]
  return (
    <div ref={ref} className="plot" role="img" aria-label={props.finding}>
      {width > 0 && <Kind {...props} width={width} hatch={hatch} />}
    </div>
  )
}

interface DrawnProps extends PlotProps {
  width: number
  hatch: string
}

const ROW = 34
const BAR = 18
const LABEL_SHARE = 0.36
const LABEL_MAX = 160

function Bars({ data, series, format, width, hatch }: DrawnProps) {
  const labels = Math.min(width * LABEL_SHARE, LABEL_MAX)
  const longest = Math.max(...data.map(datum => format(sum(datum)).length))
  const x = scaleLinear([0, Math.max(...data.map(sum), 1)], [0, width - labels - longest * 8 - 12])
  return (
    <svg width={width} height={data.length * ROW} aria-hidden="true">
      <Hatch id={hatch} />
      {data.map((datum, row) => {
        let from = labels
        return (
          <g key={datum.label} transform={`translate(0 ${row * ROW})`}>
            <text className="plot-name" y={ROW / 2} dy="0.35em">{shortened(datum.label, labels)}</text>
            {datum.values.map((value, i) => {
              const size = x(value)
              const rect = <rect key={i} x={from} y={(ROW - BAR) / 2} width={Math.max(size - (i < datum.values.length - 1 ? 2 : 0), 0)} height={BAR} rx={3} {...paint(series[i]?.tone ?? TONES[i], hatch)} />
              from += size
              return rect
            })}
            <text x={from + 8} y={ROW / 2} dy="0.35em">{format(sum(datum))}</text>
          </g>
        )
      })}
    </svg>
  )
}

const HEIGHT = 220
const AXIS = 24
const TICKS = 4
const TICK_LABEL = 56

function Columns({ data, series, format, width, hatch }: DrawnProps) {
  const { y, left } = yAxis(Math.max(...data.map(sum), 1), format)
  const x = scaleBand(data.map(datum => datum.label), [left, width]).padding(0.25)
  const layers = stack<Datum, number>().keys(series.map((_, i) => i)).value((datum, i) => datum.values[i] ?? 0)([...data])
  return (
    <svg width={width} height={HEIGHT + AXIS} aria-hidden="true">
      <Hatch id={hatch} />
      <Grid {...{ y, left, width, format }} />
      {layers.map((layer, i) => (
        <g key={series[i]?.label} {...paint(series[i]?.tone ?? TONES[i], hatch)}>
          {layer.map(([low, high], j) => high > low && <rect key={data[j]!.label} x={x(data[j]!.label)} y={y(high)} width={x.bandwidth()} height={Math.max(y(low) - y(high) - (low > 0 ? 2 : 0), 1)} rx={2} />)}
        </g>
      ))}
      <XLabels labels={data.map(datum => datum.label)} at={label => (x(label) ?? 0) + x.bandwidth() / 2} width={width - left} />
    </svg>
  )
}

function Line({ data, series, format, width }: DrawnProps) {
  const { y, left } = yAxis(Math.max(...data.flatMap(datum => datum.values), 1), format)
  const x = scalePoint(data.map(datum => datum.label), [left + 8, width - 16])
  return (
    <svg width={width} height={HEIGHT + AXIS} aria-hidden="true">
      <Grid {...{ y, left, width, format }} />
      {series.map((one, i) => {
        const path = line<Datum>(datum => x(datum.label) ?? 0, datum => y(datum.values[i] ?? 0))([...data]) ?? ''
        const last = data.at(-1)
        return (
          <g key={one.label} className="plot-line" data-tone={one.tone ?? TONES[i]}>
            <path d={path} strokeDasharray={i === 0 ? undefined : `${6 / i} 4`} />
            {last && <circle cx={x(last.label)} cy={y(last.values[i] ?? 0)} r={4} />}
            {last && <text x={width} y={y(last.values[i] ?? 0) - 10} textAnchor="end">{format(last.values[i] ?? 0)}</text>}
          </g>
        )
      })}
      <XLabels labels={data.map(datum => datum.label)} at={label => x(label) ?? 0} width={width - left} />
    </svg>
  )
}

function yAxis(top: number, format: (value: number) => string) {
  const y = scaleLinear([0, top], [HEIGHT - 8, 12]).nice(TICKS)
  const longest = Math.max(...ticksOf(y).map(tick => format(tick).length))
  return { y, left: longest * 7 + 10 }
}

/** People and haléře come whole. */
const ticksOf = (y: ReturnType<typeof yAxis>['y']) => y.ticks(TICKS).filter(Number.isInteger)

function Grid({ y, left, width, format }: { y: ReturnType<typeof yAxis>['y']; left: number; width: number; format: (value: number) => string }) {
  return (
    <g className="plot-grid">
      {ticksOf(y).map(tick => (
        <g key={tick} transform={`translate(0 ${y(tick)})`}>
          <line x1={left} x2={width} />
          <text className="plot-tick" x={left - 8} dy="0.35em" textAnchor="end">{format(tick)}</text>
        </g>
      ))}
    </g>
  )
}

/** As many as fit without touching. */
function XLabels({ labels, at, width }: { labels: readonly string[]; at: (label: string) => number; width: number }) {
  const every = Math.max(1, Math.ceil((labels.length * TICK_LABEL) / width))
  return <g>{labels.map((label, i) => i % every === 0 && <text key={label} className="plot-tick" x={at(label)} y={HEIGHT + 12} textAnchor="middle">{label}</text>)}</g>
}

/** Hatching tells series apart in grey print too. */
function Hatch({ id }: { id: string }) {
  return (
    <defs>
      <pattern id={`${id}-waiting`} width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="7" height="7" className="hatch-waiting-paper" /><rect width="3" height="7" className="hatch-waiting-ink" /></pattern>
      <pattern id={`${id}-held`} width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="7" height="7" className="hatch-held-paper" /><rect width="3" height="7" className="hatch-held-ink" /></pattern>
    </defs>
  )
}

const paint = (tone: SeriesTone | undefined, hatch: string) =>
  tone === 'waiting' || tone === 'held' ? { fill: `url(#${hatch}-${tone})` } : { className: 'plot-fill', 'data-tone': tone }

const sum = (datum: Datum) => datum.values.reduce((total, value) => total + value, 0)

const shortened = (label: string, width: number) => {
  const fits = Math.floor(width / 7.6)
  return label.length > fits ? `${label.slice(0, fits - 1).trimEnd()}…` : label
}

function useWidth() {
  const ref = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    if (!ref.current) return
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)))
    observer.observe(ref.current)
    return () => observer.disconnect()
  }, [])
  return [ref, width] as const
}
