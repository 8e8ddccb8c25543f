/**
 * Every text on the screen is set as Czech is set, whether it comes from a catalogue, the API or a person: no lone
 * preposition at a line's end, dates and amounts whole. The compiler of JSX is told to call this (vite.config.ts).
 */
import { Fragment, jsx as made, jsxs as madeOfMany } from 'react/jsx-runtime'
import { Link } from 'wouter'
import { language, nbsp } from '../texts'

export type { JSX } from 'react'
export { Fragment }

/** Shown to the letter; an option never wraps. */
const VERBATIM = new Set<unknown>(['code', 'kbd', 'pre', 'textarea', 'option', 'title'])
const SET_MAX = 5_000
const set = new Map<string, string>()

function typeset(text: string): string {
  const done = set.get(text)
  if (done !== undefined) return done
  if (set.size >= SET_MAX) set.clear()
  const fresh = nbsp(text)
  set.set(text, fresh)
  return fresh
}

/** A part of ours hands its children on to an element; those of a fragment and of the router's link stand on the screen already. */
const isShown = (type: unknown) => typeof type === 'string' || type === Fragment || type === Link

const setChild = (child: unknown) => (typeof child === 'string' ? typeset(child) : child)

function withSetChildren<P>(type: unknown, props: P): P {
  const { children } = props as { children?: unknown }
  const isText = typeof children === 'string' || (Array.isArray(children) && children.some(child => typeof child === 'string'))
  if (!isText || language() !== 'cs' || !isShown(type) || VERBATIM.has(type)) return props
  return { ...props, children: Array.isArray(children) ? children.map(setChild) : setChild(children) }
}

export const jsx: typeof made = (type, props, key) => made(type, withSetChildren(type, props), key)
export const jsxs: typeof madeOfMany = (type, props, key) => madeOfMany(type, withSetChildren(type, props), key)
