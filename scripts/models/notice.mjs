import { readFileSync } from 'node:fs'
import { COVER_PACKAGE, PACKAGES, packageLicence, packageVersion } from './sources.mjs'

/** The notice that ships beside the models: origin, change and licence, as Apache-2.0 section 4 asks. */
export function modelsNotice() {
  const packages = Object.values(PACKAGES).map((name) => `  ${name} ${packageVersion(name)} (npm)`)
  return [
    'Face and person models of WE Studio',
    '',
    'The files in this folder were made from the models of MediaPipe, Copyright The MediaPipe Authors,',
    'as published by Google in these packages:',
    '',
    ...packages,
    '',
    'Changes: the TensorFlow Lite models were converted to ONNX (same weights, widened to 32-bit floats, other layout);',
    'the canonical face mesh was converted from a protocol buffer to JSON.',
    '',
    'These packages are licensed under the Apache License, Version 2.0, whose text follows.',
    '',
    readFileSync(new URL('apache-2.0.txt', import.meta.url), 'utf8'),
    '',
    `cover-check.onnx was made from the small MobileNetV2 of ${COVER_PACKAGE} ${packageVersion(COVER_PACKAGE)} (npm), converted from`,
    'TensorFlow.js to ONNX (same quantized weights, other layout). Its licence follows.',
    '',
    packageLicence(COVER_PACKAGE),
  ].join('\n')
}
