/* SPDX-License-Identifier: MIT */
/*
 * rtp: the RTP header before a datagram of the tape.
 *
 * Sequence number and timestamp follow from the datagram's number, and the
 * SSRC from the station file; so two engines, and one engine started again,
 * send the same headers, and SMPTE ST 2022-7 receivers may take either.
 * The marker bit is never set: it would mean a discontinuity of timestamps.
 *
 * Normative references: RFC 3550, 5.1; RFC 3551 (payload type 33); RFC 2250,
 * section 2; SMPTE ST 2022-2.
 */
#ifndef PLAYOUT_RTP_H
#define PLAYOUT_RTP_H

#include <stdint.h>

enum {
    RTP_HEADER_LENGTH = 12,
    RTP_PAYLOAD_TYPE_MP2T = 33,
};

/*
 * The header of datagram m: sequence number m modulo 2^16; timestamp the PCR
 * base (90 kHz) of its first slot modulo 2^32, its send time.  RT-safe.
 */
void rtp_write_header(uint8_t header[RTP_HEADER_LENGTH], uint32_t ssrc, int slots_per_second,
                      uint64_t datagram);

/* The SSRC of a transport whose station file names none; NULL is like "". */
uint32_t rtp_ssrc(const char *transport, int transport_stream_id, int original_network_id);

#endif
