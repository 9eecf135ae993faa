/* SPDX-License-Identifier: MIT */
#include "tools/meter/si_scan.h"

#include "tools/meter/eit_scan.h"
#include "tools/meter/nit_scan.h"
#include "tools/meter/si_inner.h"
#include "tools/meter/stc.h"

#include <stdlib.h>
#include <string.h>

enum {
    RST_ENTRY = 9,
    AGREE_S = 10, /* how often it is judged what the tables say of each other */
};

/* How far the time in a table may be from its slot's; or a TDT from the one before. */
static const double TDT_TOLERANCE_S = 1.0;
static const double TDT_STEP_TOLERANCE_S = 2.0;

void si_problem(const struct si *si, enum ts_kind kind, const struct section *section,
                const char *what, int value)
{
    ts_report_problem(si->report, kind, section->packet, section->pid, "%s (%d)", what, value);
}

struct si_context si_context(const struct si *si, const struct section *section)
{
    return (struct si_context){section, si->text, si->report};
}

int64_t si_bytes_of_s(const struct si *si, int64_t seconds)
{
    return stc_bytes_of_ms(si->options.rate_bps, seconds * 1000);
}

double si_now(const struct si *si, int64_t byte, double now_s)
{
    if (now_s >= 0) {
        return now_s;
    }
    if (si->given_byte >= 0) {
        return si->given_s + stc_ms(si->options.rate_bps, byte - si->given_byte) / 1000;
    }
    if (!si->clock.is_known) {
        return -1;
    }
    return (double)si->clock.utc_s + stc_ms(si->options.rate_bps, byte - si->clock.byte) / 1000;
}

char *si_keep_text(const struct si *si, const uint8_t *bytes, int size)
{
    char utf8[DVB_TEXT_ROOM];
    dvb_text_decode(si->text, bytes, size, utf8);
    return utf8[0] != '\0' ? strdup(utf8) : NULL;
}

struct si *si_create(const struct si_options *options, const struct psi *psi,
                     struct ts_report *report)
{
    struct si *si = calloc(1, sizeof(*si));
    if (si == NULL) {
        return NULL;
    }
    si->options = *options;
    si->psi = psi;
    si->report = report;
    si->transport_stream_id = -1;
    si->original_network_id = -1;
    si->given_byte = -1;
    si->text = dvb_text_create(&options->charsets);
    if (si->text == NULL) {
        free(si);
        return NULL;
    }
    return si;
}

void si_destroy(struct si *si)
{
    if (si == NULL) {
        return;
    }
    for (int i = 0; i < si->service_count; i++) {
        eit_forget(si->services[i]);
        free(si->services[i]->name);
        free(si->services[i]->provider);
        free(si->services[i]);
    }
    free(si->network.name);
    dvb_text_destroy(si->text);
    free(si);
}

double si_tdt_worst_s(const struct si *si)
{
    return si->tdt_worst_s;
}

static struct si_service *add_service(struct si *si, struct si_service **bucket)
{
    if (si->service_count == SI_SERVICES_MAX) {
        if (!si->is_full) {
            si->is_full = true;
            ts_report_ungraded_kind(si->report, TS_SI_CONTENT, "more than %d services",
                                    SI_SERVICES_MAX);
        }
        return NULL;
    }
    struct si_service *added = calloc(1, sizeof(*added));
    if (added == NULL) {
        ts_report_ungraded(si->report, "out of memory");
        return NULL;
    }
    added->chain = *bucket;
    *bucket = added;
    si->services[si->service_count++] = added;
    return added;
}

struct si_service *si_find_service(struct si *si, int service_id, int transport_stream_id,
                                   int original_network_id, bool is_other)
{
    /* Of this transport stream, the service_id says enough. */
    const unsigned origin =
        is_other ? (unsigned)transport_stream_id * 31 + (unsigned)original_network_id * 7 + 1 : 0;
    struct si_service **bucket = &si->buckets[((unsigned)service_id + origin) % SI_SERVICE_BUCKETS];
    for (struct si_service *known = *bucket; known != NULL; known = known->chain) {
        if (known->service_id == service_id && known->is_other == is_other &&
            (!is_other || (known->transport_stream_id == transport_stream_id &&
                           known->original_network_id == original_network_id))) {
            return known;
        }
    }
    struct si_service *added = add_service(si, bucket);
    if (added == NULL) {
        return NULL;
    }
    added->service_id = service_id;
    added->transport_stream_id = transport_stream_id;
    added->original_network_id = original_network_id;
    added->is_other = is_other;
    added->service_type = -1;
    added->pf_byte = -1;
    added->schedule_byte = -1;
    return added;
}

void si_agree(const struct si *si, const struct section *section, int *known, int said,
              const char *what)
{
    if (*known >= 0 && *known != said) {
        ts_report_problem(si->report, TS_SI_CONTENT, section->packet, section->pid,
                          "%s 0x%04x here, 0x%04x before", what, (unsigned)said, (unsigned)*known);
    }
    *known = said;
}

/* --- SDT ------------------------------------------------------------------- */

static void read_names(const struct si *si, struct si_service *service, const uint8_t *bytes,
                       int size)
{
    const uint8_t *d = si_find_descriptor(bytes, size, DESCRIPTOR_SERVICE, NULL);
    free(service->name);
    free(service->provider);
    service->name = NULL;
    service->provider = NULL;
    service->service_type = -1;
    if (d == NULL || d[1] < 3 || 3 + d[3] > d[1]) {
        return;
    }
    const uint8_t *name = d + 4 + d[3];
    const int room = d[1] - 3 - d[3];
    service->service_type = d[2];
    service->provider = si_keep_text(si, d + 4, d[3]);
    service->name = si_keep_text(si, name + 1, name[0] <= room ? name[0] : room);
}

static void take_service(struct si *si, const struct section *section, const uint8_t *entry)
{
    const int size = si_be12(entry + 3);
    const bool is_other = section_table_id(section) == TABLE_SDT_OTHER;
    struct si_service *service = si_find_service(si, si_be16(entry), section_extension(section),
                                                 si_be16(section->bytes + 8), is_other);
    if (service == NULL) {
        return;
    }
    const bool says_pf = (entry[2] & 1) != 0;
    const bool says_schedule = (entry[2] & 2) != 0;
    if (!service->is_in_sdt || says_pf != service->says_pf ||
        says_schedule != service->says_schedule) {
        service->says_since = section->first_byte;
        service->is_told = false;
    }
    service->is_in_sdt = true;
    service->says_pf = says_pf;
    service->says_schedule = says_schedule;
    service->running_status = entry[3] >> 5;
    service->is_scrambled = (entry[3] & 0x10) != 0;
    const struct si_context context = si_context(si, section);
    if (!si_judge_descriptors(&context, IN_SERVICE, entry + 5, size)) {
        return;
    }
    read_names(si, service, entry + 5, size);
    if (!is_other && service->service_type < 0) {
        si_problem(si, TS_SI_CONTENT, section, "a service without service_descriptor",
                   service->service_id);
    }
}

/* A new version: what it does not name is no longer there. */
static void start_sdt(struct si *si, const struct section *section)
{
    const bool is_other = section_table_id(section) == TABLE_SDT_OTHER;
    for (int i = 0; i < si->service_count; i++) {
        struct si_service *service = si->services[i];
        if (service->is_other == is_other &&
            (!is_other || service->transport_stream_id == section_extension(section))) {
            service->is_in_sdt = false;
        }
    }
}

static void judge_sdt_ids(struct si *si, const struct section *section)
{
    const int transport_stream_id = section_extension(section);
    const int original_network_id = si_be16(section->bytes + 8);
    if (section_table_id(section) == TABLE_SDT) {
        si_agree(si, section, &si->transport_stream_id, transport_stream_id, "transport_stream_id");
        si_agree(si, section, &si->original_network_id, original_network_id, "original_network_id");
    } else if (si->psi->has_pat && transport_stream_id == si->psi->transport_stream_id &&
               original_network_id == si->original_network_id) {
        si_problem(si, TS_SI_CONTENT, section, "SDT of another transport stream names this one",
                   transport_stream_id);
    }
}

static void take_sdt(struct si *si, const struct section *section, const struct si_coming *coming)
{
    const uint8_t *bytes = section->bytes;
    const int end = section->size - SECTION_CRC;
    int at = SECTION_HEADER + 3;
    si->is_sdt_whole = section_table_id(section) == TABLE_SDT ? coming->is_whole : si->is_sdt_whole;
    if (coming->news == TABLE_SAME) {
        return;
    }
    if (at > end) {
        si_problem(si, TS_SECTION_SYNTAX, section, "SDT too short", section->size);
        return;
    }
    judge_sdt_ids(si, section);
    if (coming->news == TABLE_NEXT) {
        start_sdt(si, section);
    }
    bool bits = bytes[10] == 0xff;
    while (at + 5 <= end) {
        const uint8_t *entry = bytes + at;
        const int size = si_be12(entry + 3);
        if (at + 5 + size > end) {
            break;
        }
        bits = bits && (entry[2] & 0xfc) == 0xfc;
        take_service(si, section, entry);
        at += 5 + size;
    }
    if (at != end) {
        si_problem(si, TS_SECTION_SYNTAX, section, "SDT does not come out even", end - at);
    }
    if (!bits) {
        si_problem(si, TS_SECTION_RESERVED, section, "SDT: reserved bits", bytes[10]);
    }
}

/* --- Time ------------------------------------------------------------------ */

static void read_offset(struct si *si, const uint8_t *bytes, int size)
{
    const uint8_t *d = si_find_descriptor(bytes, size, DESCRIPTOR_LOCAL_TIME, NULL);
    if (d == NULL || d[1] < 13) {
        return;
    }
    const int minutes = (int)(dvb_bcd(d + 6, 2) * 60 + dvb_bcd(d + 7, 2));
    si->clock.has_offset = true;
    si->clock.offset_minutes = (d[5] & 1) != 0 ? -minutes : minutes;
    for (int i = 0; i < 3; i++) {
        si->clock.country[i] = d[2 + i] >= 'A' && d[2 + i] <= 'z' ? (char)d[2 + i] : '?';
    }
}

/* False when the TOT is not made as it should be. */
static bool judge_tot(struct si *si, const struct section *section)
{
    const uint8_t *bytes = section->bytes;
    const int size = si_be12(bytes + 8);
    if (section->size != 10 + size + SECTION_CRC) {
        si_problem(si, TS_SECTION_SYNTAX, section, "TOT does not come out even", section->size);
        return false;
    }
    if ((bytes[8] & 0xf0) != 0xf0) {
        si_problem(si, TS_SECTION_RESERVED, section, "TOT: reserved bits", bytes[8]);
    }
    const struct si_context context = si_context(si, section);
    if (si_judge_descriptors(&context, IN_TIME, bytes + 10, size)) {
        read_offset(si, bytes + 10, size);
    }
    return true;
}

/* Against the slot where that is known, else against the one before. */
static void judge_time(struct si *si, const struct section *section, int64_t said, double given_s)
{
    const double now_s = si_now(si, section->first_byte, given_s);
    const double limit_s = given_s >= 0 ? TDT_TOLERANCE_S : TDT_STEP_TOLERANCE_S;
    if (now_s < 0) {
        return;
    }
    const double off = (double)said - now_s;
    if (given_s >= 0 && off * off > si->tdt_worst_s * si->tdt_worst_s) {
        si->tdt_worst_s = off;
    }
    if (off > limit_s || off < -limit_s) {
        ts_report_problem(si->report, TS_TDT_TIME, section->packet, section->pid,
                          "%.3f s off the time of %s, limit %.1f", off,
                          given_s >= 0 ? "its slot" : "the one before", limit_s);
    }
}

static void take_time(struct si *si, const struct section *section, double now_s)
{
    const bool is_tot = section_table_id(section) == TABLE_TOT;
    const int64_t said = dvb_utc(section->bytes + 3);
    if (said < 0 || (!is_tot && section->size != 8)) {
        si_problem(si, TS_TDT_TIME, section, "no such time", section->size);
        return;
    }
    if (is_tot && !judge_tot(si, section)) {
        return;
    }
    judge_time(si, section, said, now_s);
    si->clock.is_known = true;
    si->clock.utc_s = said;
    si->clock.packet = section->packet;
    si->clock.byte = section->first_byte;
}

/* --- Others ---------------------------------------------------------------- */

static void take_rst(const struct si *si, const struct section *section)
{
    const int size = section->size - 3;
    if (size % RST_ENTRY != 0) {
        si_problem(si, TS_SECTION_SYNTAX, section, "RST does not come out even", size);
        return;
    }
    for (int at = 3; at < section->size; at += RST_ENTRY) {
        if ((section->bytes[at + 8] & 0xf8) != 0xf8) {
            si_problem(si, TS_SECTION_RESERVED, section, "RST: reserved bits",
                       section->bytes[at + 8]);
        }
    }
}

static void take_cat(const struct si *si, const struct section *section,
                     const struct si_coming *coming)
{
    const uint8_t *bytes = section->bytes;
    if (coming->news == TABLE_SAME) {
        return;
    }
    if (si_be16(bytes + 3) != 0xffff) {
        si_problem(si, TS_SECTION_RESERVED, section, "CAT: reserved bits", bytes[3]);
    }
    const struct si_context context = si_context(si, section);
    si_judge_descriptors(&context, IN_CAT, bytes + SECTION_HEADER,
                         section->size - SECTION_HEADER - SECTION_CRC);
}

void si_take(struct si *si, const struct section *section, const struct si_coming *coming)
{
    const int table_id = section_table_id(section);
    if (coming->now_s >= 0) {
        si->given_s = coming->now_s;
        si->given_byte = section->first_byte;
    }
    if (section_is_eit(table_id)) {
        eit_take(si, section, coming);
    } else if (table_id == TABLE_SDT || table_id == TABLE_SDT_OTHER) {
        take_sdt(si, section, coming);
    } else if (table_id == TABLE_NIT || table_id == TABLE_NIT_OTHER || table_id == TABLE_BAT) {
        si->is_network_told = si->is_network_told && coming->news == TABLE_SAME;
        nit_take(si, section, coming);
    } else if (table_id == TABLE_TDT || table_id == TABLE_TOT) {
        take_time(si, section, coming->now_s);
    } else if (table_id == TABLE_RST) {
        take_rst(si, section);
    } else if (table_id == TABLE_CAT) {
        take_cat(si, section, coming);
    }
    if (section->end_byte - si->agreed_byte > si_bytes_of_s(si, AGREE_S) && si->is_sdt_whole) {
        si_judge_flags(si, section->end_byte);
    }
}

void si_finish(struct si *si, int64_t end_byte)
{
    eit_finish(si, end_byte);
    si_judge_services(si, end_byte);
    si_judge_flags(si, end_byte);
    if (si->psi->has_pat && si->transport_stream_id >= 0 &&
        si->transport_stream_id != si->psi->transport_stream_id) {
        ts_report_problem(si->report, TS_SI_CONTENT, end_byte / TS_SIZE, -1,
                          "transport_stream_id 0x%04x in the PAT, 0x%04x in SDT or EIT",
                          (unsigned)si->psi->transport_stream_id,
                          (unsigned)si->transport_stream_id);
    }
}
