import './button.css'
import type { ComponentProps, ReactNode } from 'react'
import spinner from '~icon/arrow-repeat'
import { Link } from 'wouter'
import { Icon } from './Icon'

/** One `primary` a screen; `secondary` is outlined; `quiet` looks like a link; `danger` cannot be taken back. */
export type ButtonLook = 'primary' | 'secondary' | 'neutral' | 'quiet' | 'danger' | 'danger-quiet'

interface Look {
  look?: ButtonLook
  size?: 's' | 'm' | 'l'
  icon?: string
  iconEnd?: string
  /** Full width on a phone. */
  wide?: boolean
  children: ReactNode
}

const GOV: Record<ButtonLook, { type: string; color: string }> = {
  primary: { type: 'solid', color: 'primary' },
  secondary: { type: 'outlined', color: 'primary' },
  neutral: { type: 'outlined', color: 'neutral' },
  quiet: { type: 'base', color: 'primary' },
  danger: { type: 'solid', color: 'error' },
  'danger-quiet': { type: 'base', color: 'error' },
}

function govAttributes({ look = 'secondary', size = 'm', wide }: Omit<Look, 'children'>) {
  return {
    className: 'gov-button',
    'data-type': GOV[look].type,
    'data-color': GOV[look].color,
    'data-size': size,
    'data-wide': wide || undefined,
  }
}

export interface ButtonProps extends Look, Omit<ComponentProps<'button'>, 'type' | 'children'> {
  /** Sends the form it stands in. */
  submit?: boolean
  /** Locked while what it started is on its way; stays focusable. */
  busy?: boolean
}

/** `<Button look="primary" icon={plus} busy={pay.isBusy} onClick={…}>Uplatnit 120 Kč</Button>` */
export function Button({ look, size, icon, iconEnd, wide, submit, busy, onClick, children, ...rest }: ButtonProps) {
  const leading = busy ? spinner : icon
  return (
    <button
      {...govAttributes({ look, size, wide })}
      {...rest}
      type={submit ? 'submit' : 'button'}
      aria-disabled={busy || undefined}
      data-busy={busy || undefined}
      onClick={event => (busy ? event.preventDefault() : onClick?.(event))}
    >
      {leading && <Icon of={leading} />}
      <span>{children}</span>
      {iconEnd && <Icon of={iconEnd} />}
    </button>
  )
}

export interface LinkButtonProps extends Look {
  href: string
  /** Another app, a file or another site: a plain link instead of a move inside this app. */
  outside?: boolean
  download?: boolean
}

export function LinkButton({ href, outside, download, look, size, icon, iconEnd, wide, children }: LinkButtonProps) {
  const inside = (
    <>
      {icon && <Icon of={icon} />}
      <span>{children}</span>
      {iconEnd && <Icon of={iconEnd} />}
    </>
  )
  const attributes = govAttributes({ look, size, wide })
  return outside || download ? (
    <a {...attributes} href={href} download={download}>{inside}</a>
  ) : (
    <Link {...attributes} href={href}>{inside}</Link>
  )
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'type' | 'children'> {
  icon: string
  label: string
  edge?: boolean
}

/** 44 px square; the label is its name. */
export function IconButton({ icon, label, edge, ...rest }: IconButtonProps) {
  return (
    <button type="button" className="icon-button" data-edge={edge || undefined} aria-label={label} title={label} {...rest}>
      <Icon of={icon} size={20} />
    </button>
  )
}
