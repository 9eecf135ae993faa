/* SPDX-License-Identifier: MIT */
#include "tools/meter/section_scan.h"

#include <stdlib.h>
#include <string.h>

enum { SHORT_HEADER = 3, PSI_LENGTH_MAX = 1021, PRIVATE_LENGTH_MAX = 4093 };

struct section_scan {
    struct ts_report *report;
    int pid;
    bool is_synced;     /* a pointer_field has been seen */
    int have;           /* bytes of the section so far */
    int64_t first_byte; /* of the section so far */
    struct ts_packet packet;
    int at;      /* in the payload of that packet */
    int pointed; /* where the first new section starts; -1: none does */
    uint8_t bytes[SECTION_MAX];
};

struct section_scan *section_scan_create(int pid, struct ts_report *report)
{
    struct section_scan *scan = calloc(1, sizeof(*scan));
    if (scan != NULL) {
        scan->report = report;
        scan->pid = pid;
    }
    return scan;
}

void section_scan_destroy(struct section_scan *scan)
{
    free(scan);
}

int section_table_id(const struct section *section)
{
    return section->bytes[0];
}

int section_extension(const struct section *section)
{
    return section->bytes[3] << 8 | section->bytes[4];
}

int section_version(const struct section *section)
{
    return section->bytes[5] >> 1 & 0x1f;
}

int section_number(const struct section *section)
{
    return section->bytes[6];
}

int section_last_number(const struct section *section)
{
    return section->bytes[7];
}

bool section_is_long(const struct section *section)
{
    const int table_id = section_table_id(section);
    return table_id != TABLE_TDT && table_id != TABLE_TOT && table_id != TABLE_STUFFING &&
           table_id != TABLE_RST;
}

bool section_is_eit(int table_id)
{
    return table_id >= TABLE_EIT_PF && table_id <= TABLE_EIT_LAST_OTHER;
}

bool section_is_schedule(int table_id)
{
    return table_id >= TABLE_EIT_FIRST && table_id <= TABLE_EIT_LAST_OTHER;
}

uint32_t section_crc(const uint8_t *bytes, int size)
{
    /* The first 16 multiples of the polynomial 0x04c11db7: four bits at a time. */
    static const uint32_t MULTIPLES[16] = {
        0x00000000, 0x04c11db7, 0x09823b6e, 0x0d4326d9, 0x130476dc, 0x17c56b6b,
        0x1a864db2, 0x1e475005, 0x2608edb8, 0x22c9f00f, 0x2f8ad6d6, 0x2b4bcb61,
        0x350c9b64, 0x31cd86d3, 0x3c8ea00a, 0x384fbdbd,
    };
    uint32_t crc = 0xffffffff;
    for (int i = 0; i < size; i++) {
        crc ^= (uint32_t)bytes[i] << 24;
        crc = crc << 4 ^ MULTIPLES[crc >> 28];
        crc = crc << 4 ^ MULTIPLES[crc >> 28];
    }
    return crc;
}

bool section_belongs(int table_id, int pid)
{
    const bool is_stuffing = table_id == TABLE_STUFFING;
    switch (pid) {
    case 0x00:
        return table_id == TABLE_PAT;
    case 0x01:
        return table_id == TABLE_CAT;
    case 0x10:
        return table_id == TABLE_NIT || table_id == TABLE_NIT_OTHER || is_stuffing;
    case 0x11:
        return table_id == TABLE_SDT || table_id == TABLE_SDT_OTHER || table_id == TABLE_BAT ||
               is_stuffing;
    case 0x12:
        return section_is_eit(table_id) || is_stuffing;
    case 0x13:
        return table_id == TABLE_RST || is_stuffing;
    case 0x14:
        return table_id == TABLE_TDT || table_id == TABLE_TOT || is_stuffing;
    default:
        return table_id == TABLE_PMT || table_id >= 0x80;
    }
}

static void problem(const struct section_scan *scan, enum ts_kind kind, const char *what, int value)
{
    ts_report_problem(scan->report, kind, scan->packet.index, scan->pid, "%s (%d)", what, value);
}

static void drop(struct section_scan *scan)
{
    scan->have = 0;
    scan->is_synced = false;
}

static void start_payload(struct section_scan *scan)
{
    const struct ts_packet *packet = &scan->packet;
    scan->at = 0;
    scan->pointed = -1;
    if (!packet->starts_unit) {
        if (scan->is_synced && scan->have == 0) {
            problem(scan, TS_SECTION_SYNTAX, "section data without pointer_field",
                    packet->payload[0]);
            drop(scan);
        }
        return;
    }
    scan->at = 1;
    scan->pointed = 1 + packet->payload[0];
    if (scan->pointed >= packet->payload_size) {
        problem(scan, TS_SECTION_SYNTAX, "pointer_field points out of the packet",
                packet->payload[0]);
        drop(scan);
        scan->pointed = -1;
    } else if (scan->have == 0) {
        if (scan->is_synced && packet->payload[0] != 0) {
            problem(scan, TS_SECTION_SYNTAX, "pointer_field skips bytes of no section",
                    packet->payload[0]);
        }
        scan->at = scan->pointed;
        scan->is_synced = true;
    }
}

void section_scan_feed(struct section_scan *scan, const struct ts_packet *packet)
{
    scan->packet = *packet;
    scan->at = 0;
    if (packet->is_duplicate) {
        scan->packet.payload_size = 0;
        return;
    }
    if (packet->is_after_loss) {
        drop(scan);
    }
    if (packet->payload_size > 0) {
        start_payload(scan);
    }
}

/* The section in hand ends here, or the packet does: both must agree with pointer_field. */
static void skip_to_pointer(struct section_scan *scan)
{
    if (scan->pointed >= 0 && scan->at < scan->pointed) {
        problem(scan, TS_SECTION_SYNTAX, "bytes between a section's end and pointer_field's aim",
                scan->pointed - scan->at);
        scan->at = scan->pointed;
    }
}

/* Nothing but 0xff may follow up to the end of the packet. */
static void check_stuffing(struct section_scan *scan)
{
    const struct ts_packet *packet = &scan->packet;
    for (; scan->at < packet->payload_size; scan->at++) {
        if (packet->payload[scan->at] != 0xff) {
            problem(scan, TS_SECTION_SYNTAX, "stuffing after the last section is not 0xff",
                    packet->payload[scan->at]);
            scan->at = packet->payload_size;
        }
    }
}

static int wanted(const struct section_scan *scan)
{
    return scan->have < SHORT_HEADER
               ? SHORT_HEADER
               : SHORT_HEADER + ((scan->bytes[1] & 0x0f) << 8 | scan->bytes[2]);
}

/* Copies what the packet has of the section; true when it is whole. */
static bool collect(struct section_scan *scan)
{
    const struct ts_packet *packet = &scan->packet;
    const int limit =
        scan->have > 0 && scan->pointed > scan->at ? scan->pointed : packet->payload_size;
    if (scan->have == 0) {
        const int64_t payload = packet->payload - packet->bytes;
        scan->first_byte = packet->first_byte + payload + scan->at;
    }
    while (scan->at < limit) {
        const int want = wanted(scan);
        if (want > SECTION_MAX) {
            problem(scan, TS_SECTION_SYNTAX, "section longer than 4096 bytes", want);
            drop(scan);
            scan->at = packet->payload_size;
            return false;
        }
        const int missing = want - scan->have;
        const int room = limit - scan->at;
        const int count = missing < room ? missing : room;
        memcpy(scan->bytes + scan->have, packet->payload + scan->at, (size_t)count);
        scan->have += count;
        scan->at += count;
        if (scan->have >= SHORT_HEADER && scan->have == wanted(scan)) {
            return true;
        }
    }
    return false;
}

/* What every section has in common; false when it must not be used. */
static bool judge(const struct section_scan *scan, const struct section *section)
{
    const uint8_t *bytes = section->bytes;
    const int table_id = section_table_id(section);
    const int length = section->size - SHORT_HEADER;
    const bool is_psi = table_id <= 0x02;
    if (!section_belongs(table_id, scan->pid)) {
        problem(scan, TS_SECTION_TABLE_ID, "this table_id does not belong here", table_id);
        return false;
    }
    if (table_id == TABLE_STUFFING) {
        return true;
    }
    const bool is_long = section_is_long(section);
    const bool has_crc = table_id != TABLE_TDT && table_id != TABLE_RST;
    const int minimum = is_long                 ? SECTION_HEADER - SHORT_HEADER + SECTION_CRC
                        : table_id == TABLE_RST ? 0
                        : table_id == TABLE_TOT ? 5 + 2 + SECTION_CRC
                                                : 5;
    const bool may_be_large = section_is_eit(table_id) || table_id >= 0x80;
    if (length < minimum || length > (may_be_large ? PRIVATE_LENGTH_MAX : PSI_LENGTH_MAX)) {
        problem(scan, TS_SECTION_SYNTAX, "section_length", length);
        return false;
    }
    if ((bytes[1] >> 7) != (is_long ? 1 : 0)) {
        problem(scan, TS_SECTION_SYNTAX, "section_syntax_indicator", bytes[1] >> 7);
    }
    if ((bytes[1] & 0x70) != (is_psi ? 0x30 : 0x70)) {
        problem(scan, TS_SECTION_RESERVED, "bits after section_syntax_indicator", bytes[1]);
    }
    if (has_crc && section_crc(bytes, section->size) != 0) {
        problem(scan, TS_SECTION_CRC, "CRC_32 is wrong, table_id", table_id);
        return false;
    }
    if (is_long && (bytes[5] & 0xc0) != 0xc0) {
        problem(scan, TS_SECTION_RESERVED, "bits before version_number", bytes[5]);
    }
    if (is_long && (bytes[5] & 1) == 0) {
        problem(scan, TS_SECTION_SYNTAX, "current_next_indicator is 0", 0);
        return false;
    }
    if (is_long && bytes[6] > bytes[7]) {
        problem(scan, TS_SECTION_SYNTAX, "section_number above last_section_number", bytes[6]);
        return false;
    }
    return true;
}

/* At the place where a section may start; false: the packet has no more. */
static bool at_section_start(struct section_scan *scan)
{
    skip_to_pointer(scan);
    if (scan->at >= scan->packet.payload_size) {
        return false;
    }
    if (scan->packet.payload[scan->at] == 0xff) {
        check_stuffing(scan);
        return false;
    }
    if (scan->pointed < 0) {
        problem(scan, TS_SECTION_SYNTAX, "a section starts in a packet without pointer_field",
                scan->packet.payload[scan->at]);
        drop(scan);
        scan->at = scan->packet.payload_size;
        return false;
    }
    return true;
}

bool section_scan_next(struct section_scan *scan, struct section *section)
{
    while (scan->is_synced && scan->at < scan->packet.payload_size) {
        if (scan->have == 0 && !at_section_start(scan)) {
            return false;
        }
        if (!collect(scan)) {
            if (scan->have > 0 && scan->at < scan->packet.payload_size) {
                problem(scan, TS_SECTION_SYNTAX, "a section is cut off by pointer_field's aim",
                        scan->have);
                scan->have = 0;
            }
            continue;
        }
        const int64_t payload = scan->packet.payload - scan->packet.bytes;
        *section = (struct section){
            .bytes = scan->bytes,
            .size = scan->have,
            .pid = scan->pid,
            .packet = scan->packet.index,
            .first_byte = scan->first_byte,
            .end_byte = scan->packet.first_byte + payload + scan->at,
        };
        scan->have = 0;
        if (judge(scan, section)) {
            return true;
        }
    }
    return false;
}
