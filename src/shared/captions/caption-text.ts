/** Captions as they travel: a WebVTT file. `lang`: BCP 47, empty where it is not known. */
export interface CaptionText {
  lang: string
  text: string
}
