/* SPDX-License-Identifier: MIT */
#include "tools/meter/si_scan.h"

#include <stdlib.h>

enum {
    MJD_OF_EPOCH = 40587,
    DAY_S = 86400,
    RUNNING = 4,
    DESCRIPTOR_SERVICE = 0x48,
    DESCRIPTOR_SHORT_EVENT = 0x4d,
    SELECTOR_UTF8 = 0x15,
};

/* How far the time in a table may be from its slot's. */
static const double TDT_TOLERANCE_S = 1.0;
static const double EVENT_EARLY_S = 1.0;
static const double EVENT_LATE_S = 2.0;

static void problem(struct ts_report *report, enum ts_kind kind, const struct section *section,
                    const char *what, int value)
{
    ts_report_problem(report, kind, section->packet, section->pid, "%s (%d)", what, value);
}

void si_init(struct si *si)
{
    *si = (struct si){.transport_stream_id = -1, .original_network_id = -1};
}

static int bcd(int byte)
{
    return (byte >> 4) > 9 || (byte & 0x0f) > 9 ? -1 : (byte >> 4) * 10 + (byte & 0x0f);
}

/* Three bytes of BCD as seconds; -1 when they are no time. */
static int bcd_seconds(const uint8_t *bytes)
{
    const int hours = bcd(bytes[0]);
    const int minutes = bcd(bytes[1]);
    const int seconds = bcd(bytes[2]);
    if (hours < 0 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59) {
        return -1;
    }
    return (hours * 60 + minutes) * 60 + seconds;
}

int64_t si_utc(const uint8_t *bytes)
{
    const int mjd = bytes[0] << 8 | bytes[1];
    const int seconds = bcd_seconds(bytes + 2);
    return seconds < 0 || seconds >= DAY_S ? -1 : (int64_t)(mjd - MJD_OF_EPOCH) * DAY_S + seconds;
}

/* Bytes of the UTF-8 sequence at `bytes`; 0 when it is none. */
static int utf8_size(const uint8_t *bytes, int size)
{
    const uint8_t lead = bytes[0];
    const int count = lead < 0x80   ? 1
                      : lead < 0xc2 ? 0
                      : lead < 0xe0 ? 2
                      : lead < 0xf0 ? 3
                      : lead < 0xf5 ? 4
                                    : 0;
    if (count == 0 || count > size) {
        return 0;
    }
    for (int i = 1; i < count; i++) {
        if ((bytes[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    if ((lead == 0xe0 && bytes[1] < 0xa0) || (lead == 0xed && bytes[1] > 0x9f) ||
        (lead == 0xf0 && bytes[1] < 0x90) || (lead == 0xf4 && bytes[1] > 0x8f)) {
        return 0;
    }
    return count;
}

bool si_text_is_sound(const uint8_t *bytes, int size)
{
    if (size == 0 || bytes[0] != SELECTOR_UTF8) {
        return true;
    }
    for (int at = 1; at < size;) {
        const int count = utf8_size(bytes + at, size - at);
        if (count == 0) {
            return false;
        }
        at += count;
    }
    return true;
}

/* Two texts behind each other, each with its length before it, and nothing else. */
static bool two_texts(const uint8_t *bytes, int size)
{
    if (size < 1 || 1 + bytes[0] + 1 > size) {
        return false;
    }
    const uint8_t *second = bytes + 1 + bytes[0];
    return 1 + bytes[0] + 1 + second[0] == size && si_text_is_sound(bytes + 1, bytes[0]) &&
           si_text_is_sound(second + 1, second[0]);
}

static void judge_descriptors(const struct section *section, const uint8_t *bytes, int size,
                              struct ts_report *report)
{
    if (!psi_descriptors_fit(bytes, size)) {
        problem(report, TS_SECTION_SYNTAX, section, "descriptors do not come out even", size);
        return;
    }
    for (int at = 0; at < size; at += 2 + bytes[at + 1]) {
        const uint8_t *body = bytes + at + 2;
        const int length = bytes[at + 1];
        const bool is_sound =
            bytes[at] == DESCRIPTOR_SERVICE       ? length >= 3 && two_texts(body + 1, length - 1)
            : bytes[at] == DESCRIPTOR_SHORT_EVENT ? length >= 5 && two_texts(body + 3, length - 3)
                                                  : true;
        if (!is_sound) {
            problem(report, TS_SI_CONTENT, section, "lengths or text of descriptor", bytes[at]);
        }
    }
}

static struct si_service *service(struct si *si, int service_id, struct ts_report *report)
{
    for (int i = 0; i < si->service_count; i++) {
        if (si->services[i].service_id == service_id) {
            return &si->services[i];
        }
    }
    if (si->service_count == SI_SERVICES) {
        ts_report_ungraded(report, "more than %d services", SI_SERVICES);
        return &si->services[0];
    }
    struct si_service *added = &si->services[si->service_count++];
    *added = (struct si_service){.service_id = service_id};
    return added;
}

static void agree(const struct section *section, int *known, int said, const char *what,
                  struct ts_report *report)
{
    if (*known >= 0 && *known != said) {
        ts_report_problem(report, TS_SI_CONTENT, section->packet, section->pid,
                          "%s 0x%04x here, 0x%04x before", what, (unsigned)said, (unsigned)*known);
    }
    *known = said;
}

static void take_sdt(struct si *si, const struct section *section, struct ts_report *report)
{
    const uint8_t *bytes = section->bytes;
    const int end = section->size - SECTION_CRC;
    int at = SECTION_HEADER + 3;
    if (at > end) {
        problem(report, TS_SECTION_SYNTAX, section, "SDT too short", section->size);
        return;
    }
    agree(section, &si->transport_stream_id, section_extension(section), "transport_stream_id",
          report);
    agree(section, &si->original_network_id, bytes[8] << 8 | bytes[9], "original_network_id",
          report);
    bool bits = bytes[10] == 0xff;
    while (at + 5 <= end) {
        const uint8_t *entry = bytes + at;
        const int size = (entry[3] & 0x0f) << 8 | entry[4];
        if (at + 5 + size > end) {
            break;
        }
        struct si_service *known = service(si, entry[0] << 8 | entry[1], report);
        known->is_in_sdt = true;
        known->says_pf = (entry[2] & 1) != 0;
        bits = bits && (entry[2] & 0xfc) == 0xfc;
        judge_descriptors(section, entry + 5, size, report);
        at += 5 + size;
    }
    if (at != end) {
        problem(report, TS_SECTION_SYNTAX, section, "SDT does not come out even", end - at);
    }
    if (!bits) {
        problem(report, TS_SECTION_RESERVED, section, "SDT: reserved bits", bytes[10]);
    }
}

static void judge_event(const struct section *section, const uint8_t *event, double now_s,
                        struct ts_report *report)
{
    const int number = section_number(section);
    const int64_t start = si_utc(event + 2);
    const int duration = bcd_seconds(event + 7);
    const int status = event[10] >> 5;
    if (start < 0 || duration < 0) {
        problem(report, TS_EIT_PF, section, "no such start or duration", number);
        return;
    }
    if ((number == 0) != (status == RUNNING)) {
        ts_report_problem(report, TS_EIT_PF, section->packet, section->pid,
                          "running_status %d in section %d", status, number);
    }
    if (now_s < 0) {
        return;
    }
    const double since = now_s - (double)start;
    if (number == 0 && (since < -EVENT_EARLY_S || since > duration + EVENT_LATE_S)) {
        ts_report_problem(report, TS_EIT_PF, section->packet, section->pid,
                          "present event 0x%04x of %d s, %.1f s after its start",
                          (unsigned)(event[0] << 8 | event[1]), duration, since);
    }
    if (number == 1 && since > EVENT_LATE_S) {
        ts_report_problem(report, TS_EIT_PF, section->packet, section->pid,
                          "following event 0x%04x began %.1f s ago",
                          (unsigned)(event[0] << 8 | event[1]), since);
    }
}

/* The body of a present/following section. */
static void judge_pf(const struct section *section, double now_s, struct ts_report *report)
{
    const uint8_t *bytes = section->bytes;
    const int end = section->size - SECTION_CRC;
    int at = SECTION_HEADER + 6;
    int events = 0;
    if (section_last_number(section) != 1 || bytes[12] != 1 || bytes[13] < TABLE_EIT_PF) {
        ts_report_problem(report, TS_EIT_PF, section->packet, section->pid,
                          "last_section_number %d, segment_last_section_number %d, "
                          "last_table_id 0x%02x",
                          section_last_number(section), bytes[12], bytes[13]);
    }
    while (at + 12 <= end) {
        const uint8_t *event = bytes + at;
        const int size = (event[10] & 0x0f) << 8 | event[11];
        if (at + 12 + size > end) {
            break;
        }
        judge_event(section, event, now_s, report);
        judge_descriptors(section, event + 12, size, report);
        at += 12 + size;
        events++;
    }
    if (at != end) {
        problem(report, TS_SECTION_SYNTAX, section, "EIT does not come out even", end - at);
    }
    if (events > 1) {
        problem(report, TS_EIT_PF, section, "several events in one section", events);
    }
}

static void take_eit(struct si *si, const struct section *section, double now_s,
                     struct ts_report *report)
{
    const uint8_t *bytes = section->bytes;
    if (section->size < SECTION_HEADER + 6 + SECTION_CRC) {
        problem(report, TS_SECTION_SYNTAX, section, "EIT too short", section->size);
        return;
    }
    agree(section, &si->transport_stream_id, bytes[8] << 8 | bytes[9], "transport_stream_id",
          report);
    agree(section, &si->original_network_id, bytes[10] << 8 | bytes[11], "original_network_id",
          report);
    struct si_service *known = service(si, section_extension(section), report);
    if (section_table_id(section) == TABLE_EIT_PF) {
        known->has_pf = true;
        judge_pf(section, now_s, report);
    }
}

static void take_tdt(struct si *si, const struct section *section, double now_s,
                     struct ts_report *report)
{
    const int64_t said = si_utc(section->bytes + 3);
    if (said < 0 || (section_table_id(section) == TABLE_TDT && section->size != 8)) {
        problem(report, TS_TDT_TIME, section, "no such time", section->size);
        return;
    }
    si->tdt_count++;
    if (now_s < 0) {
        return;
    }
    const double off = (double)said - now_s;
    if (off * off > si->tdt_worst_s * si->tdt_worst_s) {
        si->tdt_worst_s = off;
    }
    if (off > TDT_TOLERANCE_S || off < -TDT_TOLERANCE_S) {
        ts_report_problem(report, TS_TDT_TIME, section->packet, section->pid,
                          "%.3f s off the time of its slot, limit %.1f", off, TDT_TOLERANCE_S);
    }
}

static void take_nit(const struct section *section, struct ts_report *report)
{
    const uint8_t *bytes = section->bytes;
    const int end = section->size - SECTION_CRC;
    int at = SECTION_HEADER + 2;
    const int size = at <= end ? (bytes[8] & 0x0f) << 8 | bytes[9] : 0;
    if (at + size + 2 > end) {
        problem(report, TS_SECTION_SYNTAX, section, "NIT too short", section->size);
        return;
    }
    judge_descriptors(section, bytes + at, size, report);
    at += size;
    if ((bytes[8] & 0xf0) != 0xf0 || (bytes[at] & 0xf0) != 0xf0) {
        problem(report, TS_SECTION_RESERVED, section, "NIT: reserved bits", bytes[at]);
    }
    if (((bytes[at] & 0x0f) << 8 | bytes[at + 1]) != end - at - 2) {
        problem(report, TS_SECTION_SYNTAX, section, "NIT does not come out even", end - at - 2);
    }
}

void si_take(struct si *si, const struct section *section, double now_s, struct ts_report *report)
{
    const int table_id = section_table_id(section);
    if (table_id == TABLE_SDT) {
        take_sdt(si, section, report);
    } else if (table_id == TABLE_NIT) {
        take_nit(section, report);
    } else if (table_id == TABLE_EIT_PF || (table_id >= 0x50 && table_id <= 0x5f)) {
        take_eit(si, section, now_s, report);
    } else if (table_id == TABLE_TDT || table_id == TABLE_TOT) {
        take_tdt(si, section, now_s, report);
    }
}

static void judge_service(const struct si_service *known, const struct psi *psi, int64_t packet,
                          struct ts_report *report)
{
    const unsigned id = (unsigned)known->service_id;
    if (psi_programme(psi, known->service_id) == NULL) {
        ts_report_problem(report, TS_SI_CONTENT, packet, -1,
                          "service 0x%04x is in SDT or EIT, not in the PAT", id);
    }
    if (!known->is_in_sdt) {
        ts_report_problem(report, TS_SI_CONTENT, packet, -1, "service 0x%04x is not in the SDT",
                          id);
    } else if (known->says_pf != known->has_pf) {
        ts_report_problem(report, TS_SI_CONTENT, packet, -1,
                          "service 0x%04x: EIT_present_following_flag %d, tables are %s", id,
                          known->says_pf, known->has_pf ? "there" : "not there");
    }
}

void si_finish(const struct si *si, const struct psi *psi, int64_t packet, struct ts_report *report)
{
    for (int i = 0; i < si->service_count; i++) {
        judge_service(&si->services[i], psi, packet, report);
    }
    for (int i = 0; i < psi->programme_count && si->service_count > 0; i++) {
        bool is_known = false;
        for (int k = 0; k < si->service_count; k++) {
            is_known = is_known || si->services[k].service_id == psi->programmes[i].number;
        }
        if (!is_known) {
            ts_report_problem(report, TS_SI_CONTENT, packet, -1,
                              "programme 0x%04x of the PAT has no service",
                              (unsigned)psi->programmes[i].number);
        }
    }
    if (psi->has_pat && si->transport_stream_id >= 0 &&
        si->transport_stream_id != psi->transport_stream_id) {
        ts_report_problem(report, TS_SI_CONTENT, packet, -1,
                          "transport_stream_id 0x%04x in the PAT, 0x%04x in SDT or EIT",
                          (unsigned)psi->transport_stream_id, (unsigned)si->transport_stream_id);
    }
}
