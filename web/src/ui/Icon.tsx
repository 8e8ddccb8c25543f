interface IconProps {
  /** `import clock from '~icon/clock'` */
  of: string
  /** Pixels; 20 unless told. */
  size?: number
  /** Said by a screen reader; without it the icon only decorates. */
  label?: string
  className?: string
}

/** A Bootstrap icon, inlined at build. */
export function Icon({ of, size = 20, label, className }: IconProps) {
  return (
    <svg
      className={className ? `icon ${className}` : 'icon'}
      viewBox="0 0 16 16"
      width={size}
      height={size}
      fill="currentColor"
      focusable="false"
      {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
      dangerouslySetInnerHTML={{ __html: of }}
    />
  )
}
