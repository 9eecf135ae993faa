/* SPDX-License-Identifier: MIT */
/* SDT of a transport, actual or other, in as many sections as it takes. */
#include "playout/si_inner.h"

#include <errno.h>
#include <string.h>

#include <bitstream/dvb/si.h>
#include <bitstream/mpeg/psi.h>

enum { RUNNING = 4, SERVICE_MOST = 300 };

/* What EIT carries of the services of such a transport. */
static void set_eit_flags(uint8_t *entry, const struct network *network, bool is_actual)
{
    const bool has_schedule = network->eit_days > 0;
    if (has_schedule && (is_actual || network->eit_other == EIT_OTHER_SCHEDULE)) {
        sdtn_set_eitschedule(entry);
    }
    if (is_actual || network->eit_other != EIT_OTHER_NONE) {
        sdtn_set_eitpresent(entry);
    }
}

/* A length byte and the name.  Returns what follows. */
static uint8_t *put_name(uint8_t *out, struct si_text *text, const char *name)
{
    struct si_coded coded = si_text_code(text, name);
    out[0] = (uint8_t)si_text_take(text, &coded, SI_NAME_BYTES, out + 1);
    return out + 1 + out[0];
}

static size_t write_service(uint8_t *out, struct si_text *text, const struct network *network,
                            const struct service *service, bool is_actual)
{
    sdtn_init(out);
    sdtn_set_sid(out, (uint16_t)service->service_id);
    set_eit_flags(out, network, is_actual);
    sdtn_set_running(out, RUNNING);
    uint8_t *descriptor = out + SDT_SERVICE_SIZE;
    desc_set_tag(descriptor, 0x48);
    descriptor[DESC_HEADER_SIZE] = si_service_type(service);
    uint8_t *end = put_name(descriptor + DESC_HEADER_SIZE + 1, text, service->provider);
    end = put_name(end, text, service->title);
    desc_set_length(descriptor, (uint8_t)(end - descriptor - DESC_HEADER_SIZE));
    sdtn_set_desclength(out, (uint16_t)(end - descriptor));
    return (size_t)(end - out);
}

static uint8_t *begin(struct si_table *table, const struct station *station,
                      const struct transport *transport, bool is_actual)
{
    uint8_t *section = si_table_add(table);
    if (section != NULL) {
        sdt_init(section, is_actual);
        sdt_set_tsid(section, (uint16_t)transport->transport_stream_id);
        sdt_set_onid(section, (uint16_t)station->network.original_network_id);
        sdt_set_length(section, 0);
    }
    return section;
}

int si_sdt(const struct station *station, const struct transport *transport, bool is_actual,
           struct si_sections *sections)
{
    struct si_text *text = si_text_create(station->network.text);
    if (text == NULL) {
        return -ENOMEM;
    }
    struct si_table table = {sections, sections->count};
    uint8_t *section = begin(&table, station, transport, is_actual);
    for (size_t i = 0; i < transport->service_count && section != NULL; i++) {
        uint8_t entry[SERVICE_MOST];
        const size_t size =
            write_service(entry, text, &station->network, &transport->services[i], is_actual);
        if (si_section_size(section) + size > SI_SECTION_MAX) {
            section = begin(&table, station, transport, is_actual);
        }
        if (section != NULL) {
            const size_t used = si_section_size(section) - SI_CRC_SIZE;
            memcpy(section + used, entry, size);
            sdt_set_length(section, (uint16_t)(used - SDT_HEADER_SIZE + size));
        }
    }
    si_text_destroy(text);
    return section != NULL ? si_table_finish(&table) : si_table_abandon(&table);
}
