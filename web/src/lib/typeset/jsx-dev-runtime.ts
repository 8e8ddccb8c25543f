/** While developing the same; only React's note of the source line is left out. */
import { jsx, jsxs } from './jsx-runtime'

export { Fragment, type JSX } from './jsx-runtime'

export const jsxDEV = (type: Parameters<typeof jsx>[0], props: unknown, key: Parameters<typeof jsx>[2], isStatic: boolean) => (isStatic ? jsxs : jsx)(type, props, key)
