import { create } from 'zustand'

const KEY = 'we.messages.notices'

/** Whether the person is told of messages that come while another page or program is in front. */
const useChoice = create<{ notices: boolean }>()(() => ({ notices: localStorage.getItem(KEY) !== 'off' }))

export const useNotices = (): boolean => useChoice(({ notices }) => notices)

export const wantsNotices = (): boolean => useChoice.getState().notices

export function setNotices(notices: boolean): void {
  localStorage.setItem(KEY, notices ? 'on' : 'off')
  useChoice.setState({ notices })
}
