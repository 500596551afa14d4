import type { RelayFiguresPayload } from '@shared/ipc/studio-schema'
import { byteWords } from '@/features/library/byte-words'
import { PROTOCOLS } from './relay-words'
import './relay.css'

type Readers = RelayFiguresPayload['bytesOut']

/** Who watches by which protocol, and what the relay has sent by it. */
export function ReaderTable({ readers, bytesOut }: { readers: Readers; bytesOut: Readers }) {
  return (
    <table className="reader-table" aria-label="Watching by protocol">
      <thead>
        <tr>
          <th scope="col">By</th>
          <th scope="col">Watching</th>
          <th scope="col">Sent, all lives</th>
        </tr>
      </thead>
      <tbody>
        {PROTOCOLS.map(({ key, label }) => (
          <tr key={key}>
            <th scope="row">{label}</th>
            <td data-readers={key}>{readers[key]}</td>
            <td data-bytes={key}>{byteWords(bytesOut[key])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
