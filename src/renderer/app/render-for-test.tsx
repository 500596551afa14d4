import { act, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'

declare global {
  var IS_REACT_ACT_ENVIRONMENT: boolean | undefined
}

/** Renders into a page of its own; component tests use nothing but the DOM and React's act. */
export async function renderForTest(element: ReactNode) {
  globalThis.IS_REACT_ACT_ENVIRONMENT = true
  const host = document.body.appendChild(document.createElement('div'))
  const root = createRoot(host)
  await act(async () => {
    root.render(element)
    await Promise.resolve()
  })

  /** The one element that fits; throws with the page's text when there is none. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as querySelector has it
  function find<E extends HTMLElement>(selector: string, text?: string): E {
    const found = [...host.querySelectorAll<E>(selector)].find(
      (candidate) => text === undefined || candidate.textContent.trim() === text,
    )
    if (found === undefined) throw new Error(`no ${selector} ${text ?? ''} in: ${host.textContent}`)
    return found
  }

  return {
    host,
    find,
    button: (name: string) => find<HTMLButtonElement>('button', name),
    /** Types into a field the way React notices. */
    type: (selector: string, value: string) =>
      act(async () => {
        const field = find<HTMLInputElement>(selector)
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, value)
        field.dispatchEvent(new Event('input', { bubbles: true }))
        await Promise.resolve()
      }),
    /** Presses, and lets what follows happen. */
    press: (element: HTMLElement) =>
      act(async () => {
        element.click()
        await settled()
      }),
    unmount: () => {
      act(() => root.unmount())
      host.remove()
    },
  }
}

/** Lets promises that are ready run, several deep. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
}
