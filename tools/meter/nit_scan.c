/* SPDX-License-Identifier: MIT */
#include "tools/meter/nit_scan.h"

#include "tools/meter/si_inner.h"

#include <stdlib.h>
#include <string.h>

enum { TRANSPORT = 6, HZ_PER_UNIT = 100, CHANNEL_BITS = 0x3ff };

static struct si_listed *listed(struct si_transport *transport, int service_id)
{
    for (int i = 0; i < transport->service_count; i++) {
        if (transport->services[i].service_id == service_id) {
            return &transport->services[i];
        }
    }
    if (transport->service_count == SI_TRANSPORT_SERVICES) {
        return NULL;
    }
    struct si_listed *added = &transport->services[transport->service_count++];
    *added = (struct si_listed){.service_id = service_id, .channel_number = -1};
    return added;
}

static void keep_services(struct si_transport *transport, const uint8_t *d)
{
    transport->has_list = true;
    for (int at = 2; at + 3 <= 2 + d[1]; at += 3) {
        struct si_listed *service = listed(transport, si_be16(d + at));
        if (service != NULL) {
            service->is_listed = true;
        }
    }
}

static void keep_numbers(struct si_transport *transport, const uint8_t *d)
{
    for (int at = 2; at + 4 <= 2 + d[1]; at += 4) {
        struct si_listed *service = listed(transport, si_be16(d + at));
        if (service != NULL) {
            service->channel_number = si_be16(d + at + 2) & CHANNEL_BITS;
        }
    }
}

static void keep_cable(struct si_transport *transport, const uint8_t *d)
{
    static const int MODULATIONS[] = {-1, 16, 32, 64, 128, 256};
    if (d[1] == 11) {
        transport->has_cable = true;
        transport->frequency_hz = dvb_bcd(d + 2, 8) * HZ_PER_UNIT;
        transport->symbol_rate_baud = dvb_bcd(d + 9, 7) * HZ_PER_UNIT;
        transport->modulation = d[8] <= 5 ? MODULATIONS[d[8]] : -1;
    }
}

static void keep_transport(struct si *si, const uint8_t *entry)
{
    struct si_network *network = &si->network;
    const int size = si_be12(entry + 4);
    if (network->transport_count == SI_TRANSPORTS) {
        return;
    }
    struct si_transport *transport = &network->transports[network->transport_count++];
    *transport = (struct si_transport){.transport_stream_id = si_be16(entry),
                                       .original_network_id = si_be16(entry + 2)};
    for (int at = TRANSPORT; at < TRANSPORT + size; at += 2 + entry[at + 1]) {
        if (entry[at] == DESCRIPTOR_SERVICE_LIST) {
            keep_services(transport, entry + at);
        } else if (entry[at] == DESCRIPTOR_CHANNEL_NUMBERS) {
            keep_numbers(transport, entry + at);
        } else if (entry[at] == DESCRIPTOR_CABLE) {
            keep_cable(transport, entry + at);
        }
    }
}

/* Two services of one transport stream with one number. */
static void judge_numbers(const struct si *si, const struct section *section,
                          const struct si_transport *transport)
{
    for (int i = 0; i < transport->service_count; i++) {
        const struct si_listed *a = &transport->services[i];
        if (a->channel_number >= 0 && transport->has_list && !a->is_listed) {
            si_problem(si, TS_SI_CONTENT, section, "a channel number for a service not listed",
                       a->service_id);
        }
        for (int k = 0; k < i; k++) {
            if (a->channel_number > 0 &&
                a->channel_number == transport->services[k].channel_number) {
                si_problem(si, TS_SI_CONTENT, section, "a channel number given twice",
                           a->channel_number);
            }
        }
    }
}

/* The loop of transport streams. */
static void take_transports(struct si *si, const struct section *section, int at)
{
    const uint8_t *bytes = section->bytes;
    const int end = section->size - SECTION_CRC;
    const struct si_context context = si_context(si, section);
    while (at + TRANSPORT <= end) {
        const uint8_t *entry = bytes + at;
        const int size = si_be12(entry + 4);
        if (at + TRANSPORT + size > end) {
            break;
        }
        if ((entry[4] & 0xf0) != 0xf0) {
            si_problem(si, TS_SECTION_RESERVED, section, "NIT or BAT: bits of a transport stream",
                       entry[4]);
        }
        const bool fits = si_judge_descriptors(&context, IN_TRANSPORT, entry + TRANSPORT, size);
        if (fits && section_table_id(section) == TABLE_NIT) {
            keep_transport(si, entry);
            judge_numbers(si, section, &si->network.transports[si->network.transport_count - 1]);
        }
        at += TRANSPORT + size;
    }
    if (at != end) {
        si_problem(si, TS_SECTION_SYNTAX, section, "NIT or BAT does not come out even", end - at);
    }
}

static void take_name(struct si *si, const struct section *section, int size)
{
    const uint8_t *bytes = section->bytes + SECTION_HEADER + 2;
    const int table_id = section_table_id(section);
    const int tag = table_id == TABLE_BAT ? DESCRIPTOR_BOUQUET_NAME : DESCRIPTOR_NETWORK_NAME;
    const uint8_t *name = si_find_descriptor(bytes, size, tag, NULL);
    if (section_number(section) == 0 && (name == NULL || name[1] == 0)) {
        si_problem(si, TS_SI_CONTENT, section, "NIT or BAT without a name, table_id", table_id);
    }
    if (table_id == TABLE_NIT && name != NULL) {
        free(si->network.name);
        si->network.name = si_keep_text(si, name + 2, name[1]);
    }
}

static void start_network(struct si *si, const struct section *section)
{
    if (si->network.is_known && si->network.network_id != section_extension(section)) {
        si_problem(si, TS_SI_CONTENT, section, "NIT actual of another network than before",
                   section_extension(section));
    }
    free(si->network.name);
    si->network.name = NULL;
    si->network.transport_count = 0;
    si->network.is_known = true;
    si->network.network_id = section_extension(section);
}

void nit_take(struct si *si, const struct section *section, const struct si_coming *coming)
{
    const uint8_t *bytes = section->bytes;
    const int end = section->size - SECTION_CRC;
    const int loop = SECTION_HEADER + 2;
    const int size = loop <= end ? si_be12(bytes + 8) : 0;
    const int at = loop + size;
    if (coming->news == TABLE_SAME) {
        return;
    }
    if (at + 2 > end) {
        si_problem(si, TS_SECTION_SYNTAX, section, "NIT or BAT too short", section->size);
        return;
    }
    const struct si_context context = si_context(si, section);
    const enum si_place place = section_table_id(section) == TABLE_BAT ? IN_BOUQUET : IN_NETWORK;
    if (section_table_id(section) == TABLE_NIT && coming->news == TABLE_NEXT) {
        start_network(si, section);
    }
    if (si_judge_descriptors(&context, place, bytes + loop, size)) {
        take_name(si, section, size);
    }
    if ((bytes[8] & 0xf0) != 0xf0 || (bytes[at] & 0xf0) != 0xf0) {
        si_problem(si, TS_SECTION_RESERVED, section, "NIT or BAT: reserved bits", bytes[at]);
    }
    if (si_be12(bytes + at) != end - at - 2) {
        si_problem(si, TS_SECTION_SYNTAX, section, "NIT or BAT does not come out even",
                   end - at - 2);
        return;
    }
    take_transports(si, section, at + 2);
}

static void tell(struct si *si, int64_t packet, const char *what, int value)
{
    ts_report_problem(si->report, TS_SI_CONTENT, packet, 0x10, "%s 0x%04x", what, (unsigned)value);
    si->is_network_told = true;
}

void nit_judge_services(struct si *si, int64_t packet)
{
    const struct si_transport *own = si_own_transport(si);
    if (!si->network.is_known || !si->psi->has_pat || si->is_network_told) {
        return;
    }
    if (own == NULL) {
        tell(si, packet, "the NIT does not name this transport stream,",
             si->psi->transport_stream_id);
        return;
    }
    if (si->original_network_id >= 0 && own->original_network_id != si->original_network_id) {
        tell(si, packet, "the NIT says another original_network_id,", own->original_network_id);
    }
    for (int i = 0; own->has_list && i < own->service_count; i++) {
        if (psi_programme(si->psi, own->services[i].service_id) == NULL) {
            tell(si, packet, "the NIT lists a service that the PAT lacks,",
                 own->services[i].service_id);
        }
    }
    for (int i = 0; own->has_list && i < si->psi->programme_count; i++) {
        bool is_listed = false;
        for (int k = 0; k < own->service_count; k++) {
            is_listed = is_listed || (own->services[k].is_listed &&
                                      own->services[k].service_id == si->psi->programmes[i].number);
        }
        if (!is_listed) {
            tell(si, packet, "the NIT does not list service", si->psi->programmes[i].number);
        }
    }
}
