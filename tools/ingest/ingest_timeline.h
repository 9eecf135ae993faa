/* SPDX-License-Identifier: MIT */
/*
 * ingest_timeline: one line of time out of time stamps that start over.
 *
 * Recordings of transport and programme streams may change their clock on
 * the way: two recordings put together, or a transmitter that was restarted.
 * What follows such a jump is moved to where the stream had come to.
 */
#ifndef TOOLS_INGEST_TIMELINE_H
#define TOOLS_INGEST_TIMELINE_H

#include <stdbool.h>
#include <stdint.h>

struct ingest_timeline {
    int64_t offset_us[2]; /* of sound and picture: added to time stamps since its last jump */
    int64_t next_us[2];   /* where it should go on */
    bool is_known[2];
};

/*
 * Takes the decoding time and length of the next packet of a stream and
 * returns what is to be added to its time stamps.  Back by more than a tenth
 * of a second, or ahead by more than ten, is a jump.  The stream that jumps
 * second follows the first, so that they stay in step.  Begin with a zeroed
 * one.
 */
int64_t ingest_timeline_offset(struct ingest_timeline *timeline, bool is_video, int64_t dts_us,
                               int64_t length_us);

#endif
