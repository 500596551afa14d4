/**
 * ffmpeg's output options that decode everything and keep nothing: whatever it then says is about the stream. Times stay
 * in the stream's own time base: by itself ffmpeg counts pictures for the null muxer at the frame rate that it guessed
 * from the first seconds, and complains of "non monotonically increasing dts" where a live went faster later on.
 */
export const DECODE_ALL = ['-enc_time_base:v', '-1', '-f', 'null']
