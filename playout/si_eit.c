/* SPDX-License-Identifier: MIT */
/* Sections of EIT. */
#include "playout/si_inner.h"

#include <string.h>

#include <bitstream/dvb/si.h>
#include <bitstream/mpeg/psi.h>

enum {
    RUNNING = 4,
    NOT_RUNNING = 1,
    PF_BYTES = SI_EIT_PF_PACKETS * 184 - 1, /* the pointer_field is the first */
};

static size_t finish(const struct si_eit *eit, const struct si_eit_numbers *numbers,
                     size_t events_size, uint8_t *section)
{
    eit_init(section, true);
    psi_set_tableid(section, (uint8_t)eit->table_id);
    eit_set_sid(section, (uint16_t)eit->service->service_id);
    psi_set_version(section, (uint8_t)(eit->version & 0x1f));
    psi_set_current(section);
    psi_set_section(section, (uint8_t)numbers->section);
    psi_set_lastsection(section, (uint8_t)numbers->last_section);
    eit_set_tsid(section, (uint16_t)eit->service->transport->transport_stream_id);
    eit_set_onid(section, (uint16_t)eit->station->network.original_network_id);
    eit_set_segment_last_sec_number(section, (uint8_t)numbers->segment_last_section);
    eit_set_last_table_id(section, (uint8_t)numbers->last_table_id);
    eit_set_length(section, (uint16_t)events_size);
    psi_set_crc(section);
    return SI_EIT_HEADER_SIZE + events_size + SI_CRC_SIZE;
}

size_t si_eit_pf(const struct si_eit *eit, struct si_text *text, int section_number,
                 const struct si_event *event, uint8_t section[SI_SECTION_MAX])
{
    const struct si_eit_numbers numbers = {
        .section = section_number,
        .last_section = 1,
        .segment_last_section = 1,
        .last_table_id = eit->table_id,
    };
    size_t size = 0;
    if (event != NULL) {
        uint8_t *entry = section + SI_EIT_HEADER_SIZE;
        size = si_eit_event(eit, text, event, SI_DETAIL_FULL, entry,
                            PF_BYTES - SI_EIT_HEADER_SIZE - SI_CRC_SIZE);
        eitn_set_running(entry, section_number == 0 ? RUNNING : NOT_RUNNING);
    }
    return finish(eit, &numbers, size, section);
}

size_t si_eit_schedule(const struct si_eit *eit, const struct si_eit_numbers *numbers,
                       size_t events_size, uint8_t *section)
{
    return finish(eit, numbers, events_size, section);
}
