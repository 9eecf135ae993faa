/* SPDX-License-Identifier: MIT */
/* NIT and BAT: a name, then the station's transports, in as many sections as it takes. */
#include "playout/si_inner.h"

#include <errno.h>
#include <string.h>

#include <bitstream/dvb/si.h>
#include <bitstream/mpeg/psi.h>

enum {
    NAME_MOST = 250,
    PRIVATE_DATA_SPECIFIER = 0x28, /* EACEM: of logical_channel_descriptor 0x83 */
    FEC_OUTER_RS = 2,
    FEC_INNER_NONE = 15,
    LOGICAL_CHANNEL_TAG = 0x83,
    LOGICAL_CHANNEL_SIZE = 4,
    TRANSPORT_MOST = 400, /* 32 services: 3 and 4 bytes each, and the fixed ones */
};

/* Of NIT and BAT alike. */
struct listing {
    int table_id;
    int id;            /* network_id or bouquet_id */
    uint8_t name[257]; /* the descriptor of the name */
    size_t name_size;
};

static uint8_t *put_services(uint8_t *out, const struct transport *transport)
{
    desc41_init(out);
    desc_set_length(out, (uint8_t)(transport->service_count * DESC41_SERVICE_SIZE));
    uint8_t *entry = out + DESC41_HEADER_SIZE;
    for (size_t i = 0; i < transport->service_count; i++, entry += DESC41_SERVICE_SIZE) {
        desc41n_set_sid(entry, (uint16_t)transport->services[i].service_id);
        desc41n_set_type(entry, si_service_type(&transport->services[i]));
    }
    return entry;
}

static uint8_t modulation_code(int modulation)
{
    uint8_t code = 1; /* 16-QAM */
    for (int states = 16; states < modulation; states *= 2) {
        code++;
    }
    return code;
}

static uint8_t *put_cable(uint8_t *out, const struct cable_delivery *cable)
{
    if (cable->frequency_hz == 0) {
        return out;
    }
    memset(out, 0xff, DESC44_HEADER_SIZE); /* reserved bits */
    desc44_init(out);
    desc44_set_frequency_bcd(out, si_bcd((uint32_t)(cable->frequency_hz / 100)));
    out[6] = 0xff;
    out[7] = 0xf0 | FEC_OUTER_RS;
    desc44_set_modulation(out, modulation_code(cable->modulation));
    const uint32_t rate = si_bcd((uint32_t)(cable->symbol_rate / 100));
    out[9] = (uint8_t)(rate >> 20);
    out[10] = (uint8_t)(rate >> 12);
    out[11] = (uint8_t)(rate >> 4);
    out[12] = (uint8_t)(rate << 4 | FEC_INNER_NONE);
    return out + DESC44_HEADER_SIZE;
}

static uint8_t *put_logical_channels(uint8_t *out, const struct transport *transport)
{
    uint8_t *descriptor = out + DESC5F_HEADER_SIZE;
    uint8_t *entry = descriptor + DESC_HEADER_SIZE;
    for (size_t i = 0; i < transport->service_count; i++) {
        const struct service *service = &transport->services[i];
        if (service->logical_channel > 0) {
            entry[0] = (uint8_t)(service->service_id >> 8);
            entry[1] = (uint8_t)service->service_id;
            entry[2] = (uint8_t)(0xfc | service->logical_channel >> 8); /* visible_service */
            entry[3] = (uint8_t)service->logical_channel;
            entry += LOGICAL_CHANNEL_SIZE;
        }
    }
    if (entry == descriptor + DESC_HEADER_SIZE) {
        return out; /* none has a number */
    }
    desc5f_init(out);
    desc5f_set_specifier(out, PRIVATE_DATA_SPECIFIER);
    desc_set_tag(descriptor, LOGICAL_CHANNEL_TAG);
    desc_set_length(descriptor, (uint8_t)(entry - descriptor - DESC_HEADER_SIZE));
    return entry;
}

/* Returns the bytes of a transport's entry. */
static size_t write_transport(uint8_t *out, const struct station *station,
                              const struct transport *transport, bool is_network)
{
    nitn_init(out);
    nitn_set_tsid(out, (uint16_t)transport->transport_stream_id);
    nitn_set_onid(out, (uint16_t)station->network.original_network_id);
    uint8_t *end = put_services(out + NIT_TS_SIZE, transport);
    if (is_network) {
        end = put_cable(end, &transport->cable);
        end = put_logical_channels(end, transport);
    }
    nitn_set_desclength(out, (uint16_t)(end - out - NIT_TS_SIZE));
    return (size_t)(end - out);
}

/* Begins a section; returns it, or NULL. */
static uint8_t *begin(struct si_table *table, const struct listing *listing)
{
    uint8_t *section = si_table_add(table);
    if (section == NULL) {
        return NULL;
    }
    nit_init(section, true);
    psi_set_tableid(section, (uint8_t)listing->table_id);
    psi_set_tableidext(section, (uint16_t)listing->id);
    nit_set_desclength(section, (uint16_t)listing->name_size);
    memcpy(section + NIT_HEADER_SIZE, listing->name, listing->name_size);
    nit_set_length(section, (uint16_t)(listing->name_size + NIT_HEADER2_SIZE));
    nith_init(nit_get_header2(section));
    nith_set_tslength(nit_get_header2(section), 0);
    return section;
}

static void append(uint8_t *section, const uint8_t *entry, size_t size)
{
    uint8_t *header = nit_get_header2(section);
    const uint16_t length = nith_get_tslength(header);
    memcpy(header + NIT_HEADER2_SIZE + length, entry, size);
    nith_set_tslength(header, (uint16_t)(length + size));
    nit_set_length(section,
                   (uint16_t)(nit_get_desclength(section) + NIT_HEADER2_SIZE + length + size));
}

static int write_listing(const struct station *station, const struct listing *listing,
                         struct si_sections *sections)
{
    struct si_table table = {sections, sections->count};
    uint8_t *section = begin(&table, listing);
    for (size_t i = 0; i < station->transport_count && section != NULL; i++) {
        uint8_t entry[TRANSPORT_MOST];
        const size_t size = write_transport(entry, station, &station->transports[i],
                                            listing->table_id == NIT_TABLE_ID_ACTUAL);
        if (si_section_size(section) + size > SI_SECTION_MAX) {
            section = begin(&table, listing);
        }
        if (section != NULL) {
            append(section, entry, size);
        }
    }
    return section != NULL ? si_table_finish(&table) : si_table_abandon(&table);
}

static int set_name(const struct station *station, uint8_t tag, const char *name,
                    struct listing *listing)
{
    struct si_text *text = si_text_create(station->network.text);
    if (text == NULL) {
        return -ENOMEM;
    }
    struct si_coded coded = si_text_code(text, name);
    const size_t size = si_text_take(text, &coded, NAME_MOST, listing->name + DESC_HEADER_SIZE);
    desc_set_tag(listing->name, tag);
    desc_set_length(listing->name, (uint8_t)size);
    listing->name_size = DESC_HEADER_SIZE + size;
    si_text_destroy(text);
    return 0;
}

int si_nit(const struct station *station, struct si_sections *sections)
{
    struct listing listing = {.table_id = NIT_TABLE_ID_ACTUAL, .id = station->network.network_id};
    const int result = set_name(station, 0x40, station->network.name, &listing);
    return result < 0 ? result : write_listing(station, &listing, sections);
}

int si_bat(const struct station *station, struct si_sections *sections)
{
    struct listing listing = {.table_id = BAT_TABLE_ID, .id = station->network.bouquet_id};
    if (station->network.bouquet == NULL) {
        return 0;
    }
    const int result = set_name(station, 0x47, station->network.bouquet, &listing);
    return result < 0 ? result : write_listing(station, &listing, sections);
}
