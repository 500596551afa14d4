import 'react'

/** Custom properties are set through the style object (CSSOM), which the content security policy allows. */
declare module 'react' {
  interface CSSProperties {
    [property: `--${string}`]: string | number | undefined
  }
}
