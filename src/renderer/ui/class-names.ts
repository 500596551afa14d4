/** Joins class names and leaves out what is false or empty: `classNames('a', open && 'a--open')`. */
export function classNames(...names: (string | false | null | undefined)[]): string {
  return names.filter(Boolean).join(' ')
}
