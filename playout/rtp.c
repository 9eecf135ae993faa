/* SPDX-License-Identifier: MIT */
#include "playout/rtp.h"

#include "playout/tape.h"

#include <stddef.h>

#include <bitstream/ietf/rtp.h>

void rtp_write_header(uint8_t header[RTP_HEADER_LENGTH], uint32_t ssrc, int slots_per_second,
                      uint64_t datagram)
{
    const uint8_t bytes[] = {(uint8_t)(ssrc >> 24), (uint8_t)(ssrc >> 16), (uint8_t)(ssrc >> 8),
                             (uint8_t)ssrc};
    const uint64_t pcr = tape_pcr(slots_per_second, datagram * PACKETS_PER_DATAGRAM);
    rtp_set_hdr(header);
    rtp_set_type(header, RTP_PAYLOAD_TYPE_MP2T);
    rtp_set_seqnum(header, (uint16_t)datagram);
    rtp_set_timestamp(header, (uint32_t)(pcr / 300));
    rtp_set_ssrc(header, bytes);
}

static uint32_t mix(uint32_t hash, uint8_t byte)
{
    return (hash ^ byte) * UINT32_C(16777619); /* FNV-1a */
}

uint32_t rtp_ssrc(const char *transport, int transport_stream_id, int original_network_id)
{
    uint32_t hash = UINT32_C(2166136261);
    for (const char *at = transport != NULL ? transport : ""; *at != '\0'; at++) {
        hash = mix(hash, (uint8_t)*at);
    }
    for (int shift = 0; shift < 16; shift += 8) {
        hash = mix(hash, (uint8_t)(transport_stream_id >> shift));
        hash = mix(hash, (uint8_t)(original_network_id >> shift));
    }
    return hash;
}
