import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import vm from 'node:vm'

const require = createRequire(import.meta.url)

/**
 * The packages that carry the models. All are data carriers only: no code of theirs runs. The hashes are those of the
 * published files, so a changed package is refused instead of converted into a different model.
 */
export const PACKAGES = {
  faceMesh: '@mediapipe/face_mesh',
  faceDetection: '@mediapipe/face_detection',
  selfie: '@mediapipe/selfie_segmentation',
}

/** The same for the check of covers; MIT. */
export const COVER_PACKAGE = 'nsfwjs'

const FILES = {
  packedAssets: {
    package: PACKAGES.faceMesh,
    file: 'face_mesh_solution_packed_assets.data',
    sha256: 'dbe5905c582c0462cdaea17e7e6ecea92edaa8cccc515c5e2e7291f2cbb5fb99',
  },
  shortRange: {
    package: PACKAGES.faceDetection,
    file: 'face_detection_short_range.tflite',
    sha256: '3bc182eb9f33925d9e58b5c8d59308a760f4adea8f282370e428c51212c26633',
  },
  fullRange: {
    package: PACKAGES.faceDetection,
    file: 'face_detection_full_range.tflite',
    sha256: '99bf9494d84f50acc6617d89873f71bf6635a841ea699c17cb3377f9507cfec3',
  },
  personSquare: {
    package: PACKAGES.selfie,
    file: 'selfie_segmentation.tflite',
    sha256: '8d13b7fae74af625c641226813616a2117bd6bca19eb3b75574621fc08557f27',
  },
  personWide: {
    package: PACKAGES.selfie,
    file: 'selfie_segmentation_landscape.tflite',
    sha256: '4aafe6223bb8dac6fac8ca8ed56852870a33051ef3f6238822d282a109962894',
  },
}

const COVER_FILES = {
  model: {
    package: COVER_PACKAGE,
    file: 'dist/models/mobilenet_v2/model.min.js',
    sha256: 'c32f104fd562b08cdff5ed69dfe1209643afa47e792fb12751d2949aa61a397a',
  },
  weights: {
    package: COVER_PACKAGE,
    file: 'dist/models/mobilenet_v2/group1-shard1of1.min.js',
    sha256: 'ef2e0a63f7d2c4960b37b024b669313f65d3c45cd59e9042636c55b39de53517',
  },
}

/** What a wrapped data file exports. It is checked first, and runs in a context that has nothing. */
function exported(file) {
  const context = { module: { exports: {} }, exports: {} }
  vm.runInNewContext(readChecked(file).toString('utf8'), context)
  // as plain data of this realm
  return JSON.parse(JSON.stringify(context.module.exports))
}

/** Reads a file of FILES and checks its hash. */
function readChecked({ package: name, file, sha256 }) {
  const path = join(packageFolder(name), file)
  const bytes = readFileSync(path)
  const found = createHash('sha256').update(bytes).digest('hex')
  if (found !== sha256) throw new Error(`${path} is not the published file: sha256 ${found}, expected ${sha256}`)
  return bytes
}

/** Version of an installed package, as its package.json says. */
export function packageVersion(name) {
  return JSON.parse(readFileSync(join(packageFolder(name), 'package.json'), 'utf8')).version
}

/** The text of a package's licence. */
export function packageLicence(name) {
  return readFileSync(join(packageFolder(name), 'LICENSE'), 'utf8')
}

function packageFolder(name) {
  // not every package exports its package.json
  const folder = require.resolve
    .paths(name)
    .map((modules) => join(modules, name))
    .find((path) => existsSync(join(path, 'package.json')))
  if (folder === undefined) throw new Error(`The package ${name} is not installed`)
  return folder
}

/** One member of the packed assets; the offsets stand in the JSON argument of `loadPackage` in the loader beside it. */
function packedMember(filename) {
  const loader = readFileSync(
    join(packageFolder(PACKAGES.faceMesh), 'face_mesh_solution_packed_assets_loader.js'),
    'utf8',
  )
  const argument = /loadPackage\((\{"files".*?\})\)/s.exec(loader)?.[1]
  if (!argument) throw new Error('The loader of the face mesh package no longer lists its packed files')
  const member = JSON.parse(argument).files.find((entry) => entry.filename.endsWith(`/${filename}`))
  if (!member) throw new Error(`The packed assets of the face mesh package hold no ${filename}`)
  return readChecked(FILES.packedAssets).subarray(member.start, member.end)
}

/** Raw inputs of the conversion, each read and checked when it is asked for. */
export const SOURCES = {
  faceMesh: () => packedMember('face_landmark.tflite'),
  canonicalFace: () => packedMember('geometry_pipeline_metadata_landmarks.binarypb'),
  shortRange: () => readChecked(FILES.shortRange),
  fullRange: () => readChecked(FILES.fullRange),
  personSquare: () => readChecked(FILES.personSquare),
  personWide: () => readChecked(FILES.personWide),
  coverModel: () => exported(COVER_FILES.model),
  coverWeights: () => Buffer.from(exported(COVER_FILES.weights), 'base64'),
}
