import { expect, test } from 'vitest'
import { highlight } from './highlight'

const shown = (text: string, question: string): string =>
  highlight(text, question)
    .map(({ text: part, hit }) => (hit ? `[${part}]` : part))
    .join('')

test.each([
  ['Crème brûlée at home', 'creme BRU', '[Crème] [brû]lée at home'],
  ['ＦＵＬＬ width full', 'full', '[ＦＵＬＬ] width [full]'],
  ['A classic class', 'class', 'A [class]ic [class]'],
  ['Glass is no lass', 'lass', 'Glass is no [lass]'],
  ['我在北京大学做饭', '北京大学生', '我在[北京大学]做饭'],
  ['東京の猫', '猫', '東京の[猫]'],
  ['😀 cats 😀', 'cats', '😀 [cats] 😀'],
  ['nothing of it', '+ "', 'nothing of it'],
  ['', 'a', ''],
])('in “%s” the question “%s” is marked as %s', (text, question, expected) => {
  expect(shown(text, question)).toBe(expected)
})
