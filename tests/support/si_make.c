/* SPDX-License-Identifier: MIT */
#include "tests/support/si_make.h"

#include "tools/meter/section_scan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    HOUR_S = 3600,
    DAY_S = 86400,
    MJD_OF_EPOCH = 40587,
    SEGMENTS = 64,           /* of the two services; half as many of the other transport stream */
    SCHEDULE_SECTIONS = 160, /* in a cycle */
    SCHEDULE_STEP = SI_MAKE_CYCLE * SI_MAKE_SLOTS / SCHEDULE_SECTIONS,
    OTHER_TRANSPORT = 2,
    OTHER_SERVICE = 201,
    EMPTY_SEGMENT = 37,
};

struct maker {
    si_make_harm harm;
    int64_t first_second;
    int64_t end_slot;
    uint8_t *packets;
    bool *used;
};

static void add(struct si_make_section *s, const void *bytes, size_t size)
{
    memcpy(s->bytes + s->size, bytes, size);
    s->size += (int)size;
}

static void add8(struct si_make_section *s, unsigned value)
{
    s->bytes[s->size++] = (uint8_t)value;
}

static void add16(struct si_make_section *s, unsigned value)
{
    add8(s, value >> 8);
    add8(s, value & 0xff);
}

static unsigned bcd(int64_t value)
{
    return (unsigned)(value / 10 << 4 | value % 10);
}

static void add_utc(struct si_make_section *s, int64_t utc_s)
{
    add16(s, (unsigned)(utc_s / DAY_S + MJD_OF_EPOCH));
    add8(s, bcd(utc_s % DAY_S / HOUR_S));
    add8(s, bcd(utc_s / 60 % 60));
    add8(s, bcd(utc_s % 60));
}

static struct si_make_section start(int pid, int table_id, int extension, int version, int number,
                                    int last)
{
    struct si_make_section s = {.pid = pid};
    add8(&s, (unsigned)table_id);
    add16(&s, table_id <= TABLE_PMT ? 0xb000 : 0xf000);
    add16(&s, (unsigned)extension);
    add8(&s, 0xc1U | (unsigned)(version & 0x1f) << 1);
    add8(&s, (unsigned)number);
    add8(&s, (unsigned)last);
    return s;
}

/* Length of 12 bits at `at`, of all that has been added since its two bytes. */
static void close_loop(struct si_make_section *s, int at)
{
    const int size = s->size - at - 2;
    s->bytes[at] = (uint8_t)((s->bytes[at] & 0xf0) | size >> 8);
    s->bytes[at + 1] = (uint8_t)size;
}

static void finish_section(struct si_make_section *s)
{
    const bool has_crc =
        s->bytes[0] != TABLE_TDT && s->bytes[0] != TABLE_RST && s->bytes[0] != TABLE_STUFFING;
    const int length = s->size - 3 + (has_crc ? SECTION_CRC : 0);
    if (!s->keeps_length) {
        s->bytes[1] = (uint8_t)((s->bytes[1] & 0xf0) | length >> 8);
        s->bytes[2] = (uint8_t)length;
    }
    if (has_crc) {
        const uint32_t crc = section_crc(s->bytes, s->size) ^ (s->has_bad_crc ? 1 : 0);
        add16(s, crc >> 16);
        add16(s, crc & 0xffff);
    }
}

static void put(struct maker *maker, struct si_make_section *s, int64_t slot)
{
    s->slot = slot;
    if (maker->harm != NULL) {
        maker->harm(s);
    }
    if (s->is_dropped) {
        return;
    }
    finish_section(s);
    for (int at = 0; at < s->size; slot++) {
        if (slot >= maker->end_slot) {
            return;
        }
        if (maker->used[slot]) {
            continue;
        }
        const int header = at == 0 ? 5 : 4;
        const int room = TS_SIZE - header;
        const int size = s->size - at < room ? s->size - at : room;
        uint8_t *packet = maker->packets + slot * TS_SIZE;
        maker->used[slot] = true;
        memset(packet, 0xff, TS_SIZE);
        packet[0] = 0x47;
        packet[1] = (uint8_t)((at == 0 ? 0x40 : 0) | s->pid >> 8);
        packet[2] = (uint8_t)s->pid;
        packet[3] = 0x10;
        packet[4] = 0;
        memcpy(packet + header, s->bytes + at, (size_t)size);
        at += size;
    }
}

/* --- PSI ------------------------------------------------------------------- */

static int pmt_pid(int service)
{
    return service == SI_MAKE_FIRST ? 0x100 : 0x200;
}

static void put_pat(struct maker *maker, int64_t slot)
{
    struct si_make_section s = start(0, TABLE_PAT, SI_MAKE_TRANSPORT, 0, 0, 0);
    add16(&s, 0);
    add16(&s, 0xe010);
    for (int service = SI_MAKE_FIRST; service <= SI_MAKE_SECOND; service++) {
        add16(&s, (unsigned)service);
        add16(&s, 0xe000U | (unsigned)pmt_pid(service));
    }
    put(maker, &s, slot);
}

static void add_stream(struct si_make_section *s, unsigned type, unsigned pid, const void *loop,
                       size_t size)
{
    add8(s, type);
    add16(s, 0xe000U | pid);
    add16(s, 0xf000U | (unsigned)size);
    add(s, loop, size);
}

static void put_pmt(struct maker *maker, int service, int64_t slot)
{
    static const uint8_t AVC[] = {0x28, 4,    0x64, 0, 0x28, 0x3f, 0x06, 1,
                                  2,    0x52, 1,    1, 0x2a, 2,    0x7e, 0x1f};
    static const uint8_t SOUND[] = {0x0a, 4, 'c', 'h', 'i', 0, 0x52, 1, 2};
    static const uint8_t AC3[] = {0x6a, 1, 0x00, 0x05, 4, 'A', 'C', '-', '3'};
    static const uint8_t AAC[] = {0x7c, 1, 0x29};
    static const uint8_t HEVC[] = {0x38, 13, 2, 0x20, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 0x99, 0x1c};
    const unsigned pid = (unsigned)pmt_pid(service);
    struct si_make_section s = start(pmt_pid(service), TABLE_PMT, service, 0, 0, 0);
    add16(&s, 0xe000U | (pid + 1));
    add16(&s, 0xf000);
    if (service == SI_MAKE_FIRST) {
        add_stream(&s, 0x1b, pid + 1, AVC, sizeof(AVC));
        add_stream(&s, 0x03, pid + 2, SOUND, sizeof(SOUND));
        add_stream(&s, 0x06, pid + 3, AC3, sizeof(AC3));
    } else {
        add_stream(&s, 0x24, pid + 1, HEVC, sizeof(HEVC));
        add_stream(&s, 0x0f, pid + 2, AAC, sizeof(AAC));
    }
    put(maker, &s, slot);
}

static void put_cat(struct maker *maker, int64_t slot)
{
    static const uint8_t CA[] = {0x09, 4, 0x4a, 0x02, 0xe1, 0x50};
    struct si_make_section s = start(1, TABLE_CAT, 0xffff, 0, 0, 0);
    add(&s, CA, sizeof(CA));
    put(maker, &s, slot);
}

/* --- Networks and services ------------------------------------------------- */

static void add_transport(struct si_make_section *s, int transport, bool is_own)
{
    static const uint8_t CABLE[] = {0x44, 11,   0x04, 0x74, 0x00, 0x00, 0xff,
                                    0xf2, 0x03, 0x00, 0x68, 0x75, 0x0f};
    static const uint8_t NUMBERS[] = {0x83, 8, 0, 101, 0xfc, 1, 0, 102, 0xfc, 2};
    static const uint8_t OWN[] = {0x41, 6, 0, 101, 0x16, 0, 102, 0x1f};
    static const uint8_t OTHER[] = {0x41, 3, 0, OTHER_SERVICE, 0x16};
    add16(s, (unsigned)transport);
    add16(s, SI_MAKE_NETWORK);
    const int at = s->size;
    add16(s, 0xf000);
    if (is_own) {
        add(s, OWN, sizeof(OWN));
        add(s, NUMBERS, sizeof(NUMBERS));
    } else {
        add(s, OTHER, sizeof(OTHER));
    }
    add(s, CABLE, sizeof(CABLE));
    close_loop(s, at);
}

/* NIT of this network or another, or BAT. */
static void put_network(struct maker *maker, int table_id, int id, int64_t slot)
{
    static const uint8_t NAME[] = {0x13, 0xca, 0xbe, 0xc0, 0xfd}; /* 示例 */
    struct si_make_section s = start(table_id == TABLE_BAT ? 0x11 : 0x10, table_id, id, 3, 0, 0);
    add16(&s, 0xf000);
    add8(&s, table_id == TABLE_BAT ? 0x47 : 0x40);
    add8(&s, sizeof(NAME));
    add(&s, NAME, sizeof(NAME));
    close_loop(&s, 8);
    const int at = s.size;
    add16(&s, 0xf000);
    add_transport(&s, SI_MAKE_TRANSPORT, true);
    add_transport(&s, OTHER_TRANSPORT, false);
    close_loop(&s, at);
    put(maker, &s, slot);
}

static void add_service(struct si_make_section *s, int service, unsigned type, const char *name)
{
    add16(s, (unsigned)service);
    add8(s, 0xff);
    const int at = s->size;
    add16(s, 0x8000);
    add8(s, 0x48);
    add8(s, (unsigned)(3 + 1 + strlen(name)));
    add8(s, type);
    add8(s, 1);
    add8(s, 'K');
    add8(s, (unsigned)strlen(name));
    add(s, name, strlen(name));
    close_loop(s, at);
}

static void put_sdt(struct maker *maker, int table_id, int transport, int64_t slot)
{
    struct si_make_section s = start(0x11, table_id, transport, 1, 0, 0);
    add16(&s, SI_MAKE_NETWORK);
    add8(&s, 0xff);
    if (table_id == TABLE_SDT) {
        add_service(&s, SI_MAKE_FIRST, 0x16, "\x13\xd0\xa1\xd1\xa7"); /* 小学 */
        add_service(&s, SI_MAKE_SECOND, 0x1f, "\x15中学");
    } else {
        add_service(&s, OTHER_SERVICE, 0x16, "\x15高中");
    }
    put(maker, &s, slot);
}

/* --- Events ---------------------------------------------------------------- */

int si_make_event_id(int64_t hour)
{
    return (int)(hour & 0x7fff);
}

/* An hour's event; its name is a subject, its text the hour in digits; and in English, last. */
static void add_event(struct si_make_section *s, int service, int64_t hour, unsigned status)
{
    static const uint8_t MORE[] = {0x54, 2,   0x90, 0,   0x55, 4,   'C', 'H', 'N', 0,  0x4e, 11,
                                   0,    'c', 'h',  'i', 4,    1,   'a', 1,   'b', 1,  'c',  0x4d,
                                   9,    'e', 'n',  'g', 3,    'A', 'r', 't', 1,   'x'};
    const char *name = service == SI_MAKE_FIRST ? "\x13\xd3\xef\xce\xc4" : "\x15语文";
    const char digits[] = {'0', (char)('0' + hour / 10 % 10), (char)('0' + hour % 10)};
    add16(s, (unsigned)si_make_event_id(hour));
    add_utc(s, hour * HOUR_S);
    add8(s, 0x01);
    add16(s, 0);
    const int at = s->size;
    add16(s, status << 13);
    add8(s, 0x4d);
    add8(s, (unsigned)(3 + 1 + strlen(name) + 1 + sizeof(digits)));
    add(s, "chi", 3);
    add8(s, (unsigned)strlen(name));
    add(s, name, strlen(name));
    add8(s, sizeof(digits));
    add(s, digits, sizeof(digits));
    add(s, MORE, sizeof(MORE));
    close_loop(s, at);
}

static struct si_make_section start_eit(int table_id, int service, int version, int number,
                                        int last)
{
    struct si_make_section s = start(0x12, table_id, service, version, number, last);
    add16(&s, service == OTHER_SERVICE ? OTHER_TRANSPORT : SI_MAKE_TRANSPORT);
    add16(&s, SI_MAKE_NETWORK);
    return s;
}

static int64_t second_of(const struct maker *maker, int64_t slot)
{
    return maker->first_second + slot / SI_MAKE_SLOTS;
}

static void put_pf(struct maker *maker, int table_id, int service, int number, int64_t slot)
{
    const int64_t hour = second_of(maker, slot) / HOUR_S;
    struct si_make_section s = start_eit(table_id, service, (int)(hour & 0x1f), number, 1);
    add8(&s, 1);
    add8(&s, (unsigned)table_id);
    add_event(&s, service, hour + number, number == 0 ? 4 : 1);
    put(maker, &s, slot);
}

/* Every fourth segment is of two sections. */
static int sections_of(int segment)
{
    return segment % 4 == 0 ? 2 : 1;
}

static void put_schedule_section(struct maker *maker, int service, int segment, int part,
                                 int64_t slot)
{
    const int base = service == OTHER_SERVICE ? 0x60 : 0x50;
    const int segments = service == OTHER_SERVICE ? SEGMENTS / 2 : SEGMENTS;
    const int64_t day = second_of(maker, slot) / DAY_S;
    const int64_t hour = day * 24 + segment * 3;
    const int number = segment % 32 * 8 + part;
    const int from = segment == EMPTY_SEGMENT ? 3 : part * 2;
    const int to = segment == EMPTY_SEGMENT || part > 0 || sections_of(segment) == 1 ? 3 : 2;
    struct si_make_section s =
        start_eit(base + segment / 32, service, (int)(day & 0x1f), number, 31 * 8);
    add8(&s, (unsigned)(segment % 32 * 8 + sections_of(segment) - 1));
    add8(&s, (unsigned)(base + (segments - 1) / 32));
    for (int i = from; i < to; i++) {
        add_event(&s, service, hour + i, 0);
    }
    put(maker, &s, slot);
}

/* The place of a slot in the cycle says which segment; both its sections come then. */
static void put_schedule(struct maker *maker, int64_t slot)
{
    static const int SERVICES[] = {SI_MAKE_FIRST, SI_MAKE_FIRST, SI_MAKE_SECOND, SI_MAKE_SECOND,
                                   OTHER_SERVICE};
    const int index = (int)(slot / SCHEDULE_STEP % SCHEDULE_SECTIONS);
    const int segment = index / 5 + (index % 5 == 1 || index % 5 == 3 ? SEGMENTS / 2 : 0);
    for (int part = 0; part < sections_of(segment); part++) {
        put_schedule_section(maker, SERVICES[index % 5], segment, part, slot + part * 38);
    }
}

/* --- Time and the rest ----------------------------------------------------- */

static void put_time(struct maker *maker, int table_id, int64_t slot)
{
    static const uint8_t CHINA[] = {0x58, 13, 'C', 'H', 'N', 0x02, 0x08, 0};
    const int64_t now_s = second_of(maker, slot);
    struct si_make_section s = {.pid = 0x14};
    add8(&s, (unsigned)table_id);
    add16(&s, 0x7000);
    add_utc(&s, now_s);
    if (table_id == TABLE_TOT) {
        add16(&s, 0xf000 | 15);
        add(&s, CHINA, sizeof(CHINA));
        add_utc(&s, now_s / DAY_S * DAY_S + 365 * (int64_t)DAY_S);
        add16(&s, 0x0800);
    }
    put(maker, &s, slot);
}

static void put_short(struct maker *maker, int pid, const void *bytes, size_t size, int64_t slot)
{
    struct si_make_section s = {.pid = pid};
    add(&s, bytes, size);
    put(maker, &s, slot);
}

static void put_psi(struct maker *maker, int64_t slot)
{
    if (slot % 80 == 0) {
        put_pat(maker, slot);
    }
    if (slot % 80 == 20) {
        put_pmt(maker, SI_MAKE_FIRST, slot);
    }
    if (slot % 80 == 40) {
        put_pmt(maker, SI_MAKE_SECOND, slot);
    }
    if (slot % 1000 == 55) {
        put_cat(maker, slot);
    }
}

static void put_si(struct maker *maker, int64_t slot)
{
    static const uint8_t RST[] = {0x71, 0x70, 9, 0, 1, 0xff, 1, 0, 101, 0, 1, 0xfc};
    static const uint8_t ST[] = {0x72, 0x70, 2, 0, 0};
    const int64_t at = slot % 1000;
    if (at == 110 || at == 160) {
        put_pf(maker, TABLE_EIT_PF, SI_MAKE_FIRST, at == 160, slot + 16);
    }
    if (at == 210 || at == 260) {
        put_pf(maker, TABLE_EIT_PF, SI_MAKE_SECOND, at == 260, slot + 16);
    }
    if (slot % 5000 == 310 || slot % 5000 == 360) {
        put_pf(maker, TABLE_EIT_PF_OTHER, OTHER_SERVICE, slot % 5000 == 360, slot + 16);
    }
    if (at == 410) {
        put_sdt(maker, TABLE_SDT, SI_MAKE_TRANSPORT, slot);
    }
    if (slot % 5000 == 460) {
        put_sdt(maker, TABLE_SDT_OTHER, OTHER_TRANSPORT, slot);
        put_network(maker, TABLE_NIT, 1, slot + 50);
        put_network(maker, TABLE_NIT_OTHER, 2, slot + 100);
        put_network(maker, TABLE_BAT, 9, slot + 150);
    }
    if (slot % 10000 == 800) {
        put_time(maker, TABLE_TDT, slot);
        put_time(maker, TABLE_TOT, slot + 60);
    }
    if (slot == 2950) {
        put_short(maker, 0x13, RST, sizeof(RST), slot);
        put_short(maker, 0x13, ST, sizeof(ST), slot + 10);
    }
}

/* What depends on the order in which packets came to lie. */
static void finish(struct maker *maker)
{
    static const uint8_t HEADER[] = {0x47, 0x1f, 0xff, 0x10};
    uint8_t counters[TS_PIDS] = {0};
    for (int64_t slot = 0; slot < maker->end_slot; slot++) {
        uint8_t *packet = maker->packets + slot * TS_SIZE;
        if (maker->used[slot]) {
            const int pid = (packet[1] & 0x1f) << 8 | packet[2];
            packet[3] |= counters[pid]++ & 0x0f;
        } else {
            memset(packet, 0xff, TS_SIZE);
            memcpy(packet, HEADER, sizeof(HEADER));
        }
    }
}

int si_make(si_make_harm harm, int64_t first_second, int seconds, uint8_t *packets)
{
    struct maker maker = {
        .harm = harm,
        .first_second = first_second,
        .end_slot = (int64_t)seconds * SI_MAKE_SLOTS,
        .packets = packets,
    };
    maker.used = calloc((size_t)maker.end_slot, sizeof(*maker.used));
    if (maker.used == NULL) {
        return -ENOMEM;
    }
    for (int64_t slot = 0; slot < maker.end_slot; slot++) {
        put_psi(&maker, slot);
        if (slot % SCHEDULE_STEP == 4) {
            put_schedule(&maker, slot);
        }
        put_si(&maker, slot);
    }
    finish(&maker);
    free(maker.used);
    return 0;
}
