/* SPDX-License-Identifier: MIT */
#include "tests/support/ts_make.h"

#include "tests/support/ts_make_unit.h"
#include "tools/meter/section_scan.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    UNIT_MAX = 8192,
    FRAME = 3600, /* 90 kHz */
    GOP = 24,
    ODD = 100, /* the frame, second or section that is made wrong */
};

static const uint8_t SPS[] = {0x67, 0x64, 0x00, 0x1e, 0xac, 0xd1, 0x00, 0xb4, 0x12, 0x6c,
                              0x11, 0xa8, 0x28, 0x30, 0x2a, 0x00, 0x00, 0x03, 0x00, 0x02,
                              0x00, 0x00, 0x03, 0x00, 0x65, 0x1e, 0x2c, 0x5a, 0x24};
static const uint8_t PPS[] = {0x68, 0xeb, 0xcf, 0x2c};

struct maker {
    enum make_fault fault;
    uint8_t *packets;
    bool *used;
    int64_t after; /* the last packet of the elementary stream that is being put */
};

static bool is_mpeg2(enum make_fault fault)
{
    return fault >= MAKE_MPEG2_CLEAN && fault <= MAKE_AC3_WRONG_SIZE;
}

static bool is_hevc(enum make_fault fault)
{
    return fault >= MAKE_HEVC_CLEAN && fault <= MAKE_AAC_TWO_FRAMES;
}

/* A growing run of bytes. */
struct text {
    uint8_t bytes[UNIT_MAX];
    size_t size;
};

static void add(struct text *text, const void *bytes, size_t size)
{
    memcpy(text->bytes + text->size, bytes, size);
    text->size += size;
}

static void add8(struct text *text, unsigned value)
{
    text->bytes[text->size++] = (uint8_t)value;
}

static void add16(struct text *text, unsigned value)
{
    add8(text, value >> 8);
    add8(text, value & 0xff);
}

/* 90 kHz at the first slot; everything lies some seconds after it. */
static int64_t origin(void)
{
    return (int64_t)(MAKE_FIRST_SLOT / MAKE_SLOTS) * 90000;
}

/* The next free slot from `slot` on, or -1. */
static int64_t take_slot(struct maker *maker, int64_t slot)
{
    while (slot >= 0 && slot < MAKE_PACKETS && maker->used[slot]) {
        slot++;
    }
    if (slot < 0 || slot >= MAKE_PACKETS) {
        return -1;
    }
    maker->used[slot] = true;
    return slot;
}

/* Puts a packet with up to 184 bytes of payload, stuffed by an adaptation field. */
static int64_t put(struct maker *maker, int64_t slot, int pid, bool starts, bool random_access,
                   const uint8_t *payload, size_t size)
{
    const int64_t at = take_slot(maker, slot);
    if (at < 0) {
        return slot + 1;
    }
    uint8_t *packet = maker->packets + at * TS_SIZE;
    memset(packet, 0xff, TS_SIZE);
    packet[0] = 0x47;
    packet[1] = (uint8_t)((starts ? 0x40 : 0) | pid >> 8);
    packet[2] = (uint8_t)pid;
    packet[3] = size < 184 ? 0x30 : 0x10;
    if (size < 184) {
        packet[4] = (uint8_t)(183 - size);
        if (size < 183) {
            packet[5] = random_access ? 0x50 : 0;
        }
        if (random_access &&
            (maker->fault == MAKE_RAI_WITHOUT_PCR || maker->fault == MAKE_NO_PCR)) {
            packet[5] = 0x40;
        }
    }
    memcpy(packet + TS_SIZE - size, payload, size);
    return at + 1;
}

/* --- Sections -------------------------------------------------------------- */

/* Packs one section into packets, behind a pointer_field and before 0xff. */
static void put_section(struct maker *maker, int64_t slot, int pid, const struct text *section)
{
    uint8_t payload[184];
    size_t at = 0;
    for (bool is_first = true; at < section->size; is_first = false) {
        const size_t room = is_first ? 183 : 184;
        const size_t size = section->size - at < room ? section->size - at : room;
        memset(payload, 0xff, sizeof(payload));
        payload[0] = 0;
        memcpy(payload + (is_first ? 1 : 0), section->bytes + at, size);
        if (maker->fault == MAKE_BAD_SECTION_STUFFING && pid == 0x11) {
            payload[183] = 0;
        }
        if (maker->fault == MAKE_BAD_POINTER && pid == 0x11) {
            payload[0] = 200;
        }
        slot = put(maker, slot, pid, is_first, false, payload, 184);
        at += size;
    }
}

static void start_section(struct text *section, int table_id, int extension, int version,
                          int number, int last)
{
    section->size = 0;
    add8(section, (unsigned)table_id);
    add16(section, table_id <= 2 ? 0xb000 : 0xf000);
    add16(section, (unsigned)extension);
    add8(section, 0xc1U | (unsigned)version << 1);
    add8(section, (unsigned)number);
    add8(section, (unsigned)last);
}

static void end_section(struct text *section, bool has_crc)
{
    const size_t length = section->size - 3 + (has_crc ? 4 : 0);
    section->bytes[1] = (uint8_t)((section->bytes[1] & 0xf0) | length >> 8);
    section->bytes[2] = (uint8_t)length;
    if (has_crc) {
        const uint32_t crc = section_crc(section->bytes, (int)section->size);
        add16(section, crc >> 16);
        add16(section, crc & 0xffff);
    }
}

static void put_pat(struct maker *maker, int64_t slot)
{
    struct text pat;
    start_section(&pat, TABLE_PAT, 1, 0, 0, 0);
    if (maker->fault == MAKE_NEXT_PAT) {
        pat.bytes[5] &= 0xfe;
    }
    add16(&pat, MAKE_SERVICE);
    add16(&pat, (maker->fault == MAKE_BAD_RESERVED_BITS ? 0 : 0xe000) | MAKE_PMT_PID);
    end_section(&pat, true);
    if (maker->fault == MAKE_BAD_CRC && slot > MAKE_PACKETS / 2) {
        pat.bytes[pat.size - 1] ^= 1;
    }
    put_section(maker, slot, 0x00, &pat);
}

static void add_stream(struct text *pmt, unsigned type, unsigned pid)
{
    add8(pmt, type);
    add16(pmt, 0xe000 | pid);
    add16(pmt, 0xf000);
}

static void put_pmt(struct maker *maker, int64_t slot)
{
    struct text pmt;
    start_section(&pmt, TABLE_PMT, MAKE_SERVICE, 0, 0, 0);
    add16(&pmt, 0xe000 | MAKE_VIDEO_PID);
    add16(&pmt, 0xf000);
    add_stream(&pmt,
               is_mpeg2(maker->fault)  ? 0x02
               : is_hevc(maker->fault) ? 0x24
                                       : 0x1b,
               MAKE_VIDEO_PID);
    if (is_mpeg2(maker->fault)) {
        static const uint8_t AC3[] = {0x6a, 0x01, 0x00};
        add_stream(&pmt, 0x06, MAKE_AUDIO_PID);
        pmt.bytes[pmt.size - 1] = sizeof(AC3);
        add(&pmt, AC3, sizeof(AC3));
    } else {
        add_stream(&pmt, is_hevc(maker->fault) ? 0x0f : 0x03, MAKE_AUDIO_PID);
    }
    if (maker->fault == MAKE_ABSENT_PID) {
        add_stream(&pmt, 0x03, 0x1ff);
    }
    if (maker->fault == MAKE_UNKNOWN_TYPE) {
        add_stream(&pmt, 0x06, MAKE_AUDIO_PID + 1);
    }
    end_section(&pmt, true);
    put_section(maker, slot, MAKE_PMT_PID, &pmt);
}

static void put_sdt(struct maker *maker, int64_t slot)
{
    static const uint8_t SERVICE[] = {0x48, 0x0c, 0x16, 0x03, 0x15, 'a', 'b',
                                      0x06, 0x15, 'c',  'd',  'e',  'f', 'g'};
    struct text sdt;
    start_section(&sdt, TABLE_SDT, 1, 5, 0, 0);
    add16(&sdt, 0xff01);
    add8(&sdt, 0xff);
    add16(&sdt, maker->fault == MAKE_OTHER_SERVICE ? 7 : MAKE_SERVICE);
    add8(&sdt, maker->fault == MAKE_NO_PF_FLAG ? 0xfc : 0xfd);
    add16(&sdt, 0x8000 | sizeof(SERVICE));
    add(&sdt, SERVICE, sizeof(SERVICE));
    if (maker->fault == MAKE_BAD_DESCRIPTOR) {
        sdt.bytes[sdt.size - sizeof(SERVICE) + 1] = 0x0d;
    }
    if (maker->fault == MAKE_BAD_TEXT) {
        sdt.bytes[sdt.size - 1] = 0xe6;
    }
    end_section(&sdt, true);
    put_section(maker, slot, maker->fault == MAKE_TABLE_ON_WRONG_PID ? 0x12 : 0x11, &sdt);
}

static unsigned bcd(int64_t value)
{
    return (unsigned)(value / 10 << 4 | value % 10);
}

static void add_clock(struct text *text, int64_t seconds)
{
    add8(text, bcd(seconds / 3600));
    add8(text, bcd(seconds / 60 % 60));
    add8(text, bcd(seconds % 60));
}

static void add_utc(struct text *text, int64_t utc_s)
{
    add16(text, (unsigned)(utc_s / 86400 + 40587));
    add_clock(text, utc_s % 86400);
}

/* Events of six seconds. */
static void put_eit(struct maker *maker, int64_t slot, int number)
{
    const int64_t first_s = (int64_t)(MAKE_FIRST_SLOT / MAKE_SLOTS);
    const int index = (int)(slot / (6 * MAKE_SLOTS));
    const int last = maker->fault == MAKE_THREE_EIT_SECTIONS ? 2 : 1;
    int shown = index;
    int version = 3 + index;
    if (index > 0) {
        version = maker->fault == MAKE_VERSION_STUCK  ? 3
                  : maker->fault == MAKE_VERSION_JUMP ? 7
                                                      : version;
        shown = maker->fault == MAKE_VERSION_IDLE ? 0 : index;
    }
    const int64_t gone_s = maker->fault == MAKE_PRESENT_OVER ? 60 : 0;
    const bool runs = number == 0 || maker->fault == MAKE_FOLLOWING_RUNS;
    struct text eit;
    start_section(&eit, TABLE_EIT_PF, MAKE_SERVICE, version, number, last);
    add16(&eit, 1);
    add16(&eit, 0xff01);
    add8(&eit, (unsigned)last);
    add8(&eit, TABLE_EIT_PF);
    add16(&eit, (unsigned)(100 + shown + number));
    add_utc(&eit, first_s + 6 * (shown + number) - gone_s);
    add_clock(&eit, 6);
    add16(&eit, runs ? 0x8000 : 0x2000);
    end_section(&eit, true);
    put_section(maker, slot, 0x12, &eit);
}

static void put_tdt(struct maker *maker, int64_t slot)
{
    const int64_t off_s = maker->fault == MAKE_LATE_TDT ? 5 : 0;
    struct text tdt = {.size = 0};
    add8(&tdt, TABLE_TDT);
    add16(&tdt, 0x7000);
    add_utc(&tdt, (int64_t)((MAKE_FIRST_SLOT + (uint64_t)slot) / MAKE_SLOTS) - off_s);
    end_section(&tdt, false);
    put_section(maker, slot, 0x14, &tdt);
}

static void put_stuffing_table(struct maker *maker, int64_t slot)
{
    static const uint8_t STUFFING[] = {0x72, 0x70, 0x02, 0x00, 0x00};
    struct text section = {.size = 0};
    add(&section, STUFFING, sizeof(STUFFING));
    put_section(maker, slot, 0x11, &section);
}

static void put_tables(struct maker *maker)
{
    const enum make_fault fault = maker->fault;
    for (int64_t slot = 0; slot < MAKE_PACKETS; slot++) {
        const bool skips = fault == MAKE_SELDOM_PAT && slot % 5000 == 800;
        if (slot % 80 == 0 && !skips && fault != MAKE_NO_PAT) {
            put_pat(maker, slot);
        }
        if (slot % 80 == 40) {
            put_pmt(maker, slot);
        }
        if (fault == MAKE_PSI_BURST && slot % 4000 == 960) {
            for (int i = 0; i < 12; i++) {
                put_pat(maker, slot);
            }
        }
        if (slot % 1000 == 100 && fault != MAKE_NO_SDT) {
            put_sdt(maker, slot);
        }
        if (slot % 1000 == 600 && fault == MAKE_STUFFING_TABLE) {
            put_stuffing_table(maker, slot);
        }
        if (slot % 1000 == 200 && !(fault == MAKE_SELDOM_EIT && slot % 4000 == 2200)) {
            put_eit(maker, slot, 0);
        }
        if (slot % 1000 == (fault == MAKE_CLOSE_EIT ? 201 : 700)) {
            put_eit(maker, slot, 1);
        }
        if (slot % 1000 == 850 && fault == MAKE_THREE_EIT_SECTIONS) {
            put_eit(maker, slot, 2);
        }
        if (slot % 10000 == 300 && fault != MAKE_NO_TDT) {
            put_tdt(maker, slot);
        }
        if (slot == 5000 && fault == MAKE_UNKNOWN_PID) {
            put(maker, slot, 0x1abc, false, false, (const uint8_t *)"?", 1);
        }
    }
}

/* --- Elementary streams ---------------------------------------------------- */

static void add_stamp(struct text *text, unsigned prefix, int64_t stamp)
{
    const uint64_t value = (uint64_t)stamp & ((UINT64_C(1) << 33) - 1);
    add8(text, prefix << 4 | (unsigned)(value >> 29 & 0x0e) | 1);
    add16(text, (unsigned)(value >> 14 & 0xfffe) | 1);
    add16(text, (unsigned)(value << 1 & 0xfffe) | 1);
}

static void start_pes(const struct maker *maker, struct text *pes, int stream_id, int64_t pts,
                      int64_t dts, bool is_odd)
{
    const enum make_fault fault = maker->fault;
    const bool has_pts = !(fault == MAKE_NO_PTS && is_odd);
    const bool has_dts = has_pts && (dts != pts || (fault == MAKE_DTS_EQUAL && is_odd));
    static const uint8_t START[] = {0, 0, 1};
    pes->size = 0;
    add(pes, START, sizeof(START));
    add8(pes, (unsigned)(fault == MAKE_BAD_STREAM_ID && is_odd ? 0xbd : stream_id));
    add16(pes, 0);
    add8(pes, fault == MAKE_NOT_ALIGNED && is_odd ? 0x80 : 0x84);
    add8(pes, has_dts ? 0xc0 : has_pts ? 0x80 : 0);
    add8(pes, has_dts ? 10 : has_pts ? 5 : 0);
    if (has_pts) {
        add_stamp(pes, has_dts ? 3 : 2, pts);
    }
    if (has_dts) {
        add_stamp(pes, 1, dts);
    }
    if (fault == MAKE_BAD_MARKER && is_odd) {
        pes->bytes[9] &= 0xfe;
    }
    if (fault == MAKE_BAD_START_CODE && is_odd) {
        pes->bytes[2] = 2;
    }
}

/* Sends a PES packet from `slot` on, `step` slots from one packet to the next. */
static void send(struct maker *maker, int64_t slot, int step, int pid, bool random_access,
                 const struct text *pes)
{
    size_t at = 0;
    while (at < pes->size) {
        const bool carries = at == 0 && random_access;
        const size_t room = carries ? 176 : 184;
        const size_t size = pes->size - at < room ? pes->size - at : room;
        slot = slot < maker->after ? maker->after : slot;
        if (slot >= 0) {
            maker->after = put(maker, slot, pid, at == 0, carries, pes->bytes + at, size);
        }
        slot = (slot < maker->after ? maker->after - 1 : slot) + step;
        at += size;
    }
}

static void add_nal(struct text *pes, const void *nal, size_t size)
{
    static const uint8_t PREFIX[] = {0, 0, 0, 1};
    add(pes, PREFIX, sizeof(PREFIX));
    add(pes, nal, size);
}

static void add_slice(struct text *pes, bool is_idr, size_t size)
{
    uint8_t slice[UNIT_MAX];
    memset(slice, 0xa5, size);
    slice[0] = is_idr ? 0x65 : 0x41;
    slice[1] = 0x88; /* first_mb_in_slice 0 */
    add_nal(pes, slice, size);
}

static void add_picture(const struct maker *maker, struct text *pes, bool is_idr, bool is_odd)
{
    static const uint8_t DELIMITER[] = {0x09, 0xf0};
    static const uint8_t SEI[] = {0x06, 0x05, 0x01, 0x11, 0x80};
    const enum make_fault fault = is_odd ? maker->fault : MAKE_CLEAN;
    if (fault != MAKE_NO_DELIMITER) {
        add_nal(pes, DELIMITER, sizeof(DELIMITER));
    }
    if (is_idr) {
        uint8_t pps[sizeof(PPS)];
        memcpy(pps, PPS, sizeof(PPS));
        pps[3] = fault == MAKE_OTHER_PPS ? 0x3c : pps[3];
        if (fault == MAKE_SEI_BEFORE_SPS) {
            add_nal(pes, SEI, sizeof(SEI));
        }
        add_nal(pes, SPS, sizeof(SPS));
        if (fault != MAKE_NO_PPS) {
            add_nal(pes, pps, sizeof(pps));
        }
    }
    add_slice(pes, is_idr, is_idr ? 3000 : 700);
    if (fault == MAKE_TWO_PICTURES) {
        add_slice(pes, is_idr, 700);
    }
}

/* Of MPEG-2 or H.265. */
static void add_other_picture(enum make_fault fault, struct text *pes, int64_t n)
{
    const bool is_wrong =
        n == ODD + 3 && (fault == MAKE_MPEG2_WRONG_REFERENCE || fault == MAKE_HEVC_WRONG_ORDER);
    struct make_picture picture = {
        .is_random_access = n % GOP == 4,
        .order = (int)((n + GOP - 4) % GOP) - (is_wrong ? 2 : 0),
        .filler = n % GOP == 4 ? 3000 : 700,
        .has_other_headers =
            n == ODD && (fault == MAKE_MPEG2_OTHER_SEQUENCE || fault == MAKE_HEVC_OTHER_PPS),
        .is_field_pair = fault == MAKE_MPEG2_FIELD_PAIRS,
        .is_field = fault == MAKE_MPEG2_FIELDS,
    };
    uint8_t unit[MAKE_UNIT_MAX];
    add(pes, unit, is_mpeg2(fault) ? make_mpeg2(unit, &picture) : make_hevc(unit, &picture));
}

/* Frame `n` has its DTS n frames after the first slot, and is shown a frame later. */
static void put_picture(struct maker *maker, int64_t n)
{
    const enum make_fault fault = maker->fault;
    const bool is_idr = n % GOP == 4;
    const bool is_odd = n == ODD; /* an IDR */
    int64_t dts = origin() + n * FRAME;
    int64_t pts = dts + FRAME;
    int64_t lead_slots = 300;
    dts += fault == MAKE_DTS_JUMP && n >= ODD ? 1 : 0;
    pts += fault == MAKE_DTS_JUMP && n >= ODD ? 1 : 0;
    pts += fault == MAKE_PTS_TWICE && n == ODD + 1 ? FRAME : 0;
    pts = fault == MAKE_PTS_BEFORE_DTS && is_odd ? dts - FRAME : pts;
    pts = fault == MAKE_DTS_EQUAL && is_odd ? dts : pts;
    const bool is_late =
        fault == MAKE_VIDEO_LATE || fault == MAKE_MPEG2_LATE || fault == MAKE_HEVC_LATE;
    lead_slots = is_late ? 10 : lead_slots;
    lead_slots = fault == MAKE_MPEG2_EARLY ? 1100 : lead_slots;
    if (fault == MAKE_VIDEO_EARLY) {
        if (n < 285) {
            return;
        }
        lead_slots = 11100;
    }
    struct text pes;
    start_pes(maker, &pes, 0xe0, pts, dts, is_odd);
    if (is_mpeg2(fault) || is_hevc(fault)) {
        add_other_picture(fault, &pes, n);
    } else {
        add_picture(maker, &pes, is_idr, is_odd);
    }
    bool random_access = is_idr;
    random_access = fault == MAKE_IDR_WITHOUT_RAI && is_odd ? false : random_access;
    random_access = fault == MAKE_RAI_WITHOUT_IDR && n == ODD + 3 ? true : random_access;
    send(maker, n * (MAKE_SLOTS / 25) - lead_slots, is_idr ? 2 : 5, MAKE_VIDEO_PID, random_access,
         &pes);
}

static void add_frame(const struct maker *maker, struct text *pes, bool is_odd)
{
    if (is_mpeg2(maker->fault) || is_hevc(maker->fault)) {
        uint8_t unit[MAKE_UNIT_MAX];
        const size_t size = is_mpeg2(maker->fault)
                                ? make_ac3(unit, is_odd && maker->fault == MAKE_AC3_WRONG_SIZE)
                                : make_adts(unit, is_odd && maker->fault == MAKE_AAC_DAMAGED);
        add(pes, unit, size);
        return;
    }
    const bool is_other = is_odd && maker->fault == MAKE_AUDIO_OTHER_RATE;
    const bool is_missing = is_odd && maker->fault == MAKE_AUDIO_NO_HEADER;
    uint8_t frame[768] = {0xff, 0xfd, is_other ? 0xb4 : 0xa4, 0x00};
    if (is_missing) {
        frame[0] = 0;
    }
    memset(frame + 4, 0x5a, sizeof(frame) - 4);
    add(pes, frame, is_other ? 672 : 576);
}

static void put_sound(struct maker *maker, int64_t n)
{
    const enum make_fault fault = maker->fault;
    const bool is_odd = n == ODD;
    const bool may_double = fault == MAKE_AUDIO_TWO_FRAMES || fault == MAKE_AAC_TWO_FRAMES;
    const bool is_double = may_double && is_odd;
    const int64_t frame = is_mpeg2(fault) ? 2880 : is_hevc(fault) ? 1920 : 2160; /* 90 kHz */
    const int64_t pts = origin() + n * frame + (fault == MAKE_AUDIO_JUMP && n >= ODD ? 90 : 0);
    int64_t lead_slots = 100;
    lead_slots = fault == MAKE_AUDIO_LATE ? 3 : lead_slots;
    lead_slots = fault == MAKE_AUDIO_EARLY ? 220 : lead_slots;
    if (may_double && n == ODD + 1) {
        return;
    }
    struct text pes;
    start_pes(maker, &pes, is_mpeg2(fault) ? 0xbd : 0xc0, pts, pts, false);
    add_frame(maker, &pes, is_odd);
    if (is_double) {
        add_frame(maker, &pes, false);
    }
    const size_t length = pes.size - 6 + (fault == MAKE_AUDIO_LENGTH && is_odd ? 1 : 0);
    pes.bytes[4] = (uint8_t)(length >> 8);
    pes.bytes[5] = (uint8_t)length;
    send(maker, n * frame / 90 - lead_slots, 5, MAKE_AUDIO_PID, false, &pes);
}

/* --- Clock and counters ---------------------------------------------------- */

static void put_clocks(struct maker *maker)
{
    uint8_t nothing = 0;
    for (int64_t slot = 0; slot < MAKE_PACKETS && maker->fault != MAKE_NO_PCR; slot += 20) {
        if (maker->fault == MAKE_SELDOM_PCR && slot >= 4000 && slot < 4060) {
            continue;
        }
        const int64_t at = put(maker, slot, MAKE_VIDEO_PID, false, false, &nothing, 0) - 1;
        if (at < MAKE_PACKETS) {
            uint8_t *packet = maker->packets + at * TS_SIZE;
            packet[3] = 0x20;
            packet[5] = 0x10;
        }
    }
}

static void write_pcr(const struct maker *maker, int64_t slot, uint8_t *packet)
{
    int64_t pcr = origin() * 300 + slot * (27000000 / MAKE_SLOTS);
    pcr += maker->fault == MAKE_PCR_OFF_SLOT ? 3 : 0;
    pcr += maker->fault == MAKE_PCR_JITTER && slot == 6000 ? 100 : 0;
    const int64_t base = pcr / 300 & ((INT64_C(1) << 33) - 1);
    packet[6] = (uint8_t)(base >> 25);
    packet[7] = (uint8_t)(base >> 17);
    packet[8] = (uint8_t)(base >> 9);
    packet[9] = (uint8_t)(base >> 1);
    packet[10] = (uint8_t)((base & 1) << 7 | 0x7e | pcr % 300 >> 8);
    packet[11] = (uint8_t)(pcr % 300);
}

/* What depends on the slot that a packet came to lie in. */
static void finish(struct maker *maker)
{
    uint8_t counters[TS_PIDS] = {0};
    for (int64_t slot = 0; slot < MAKE_PACKETS; slot++) {
        uint8_t *packet = maker->packets + slot * TS_SIZE;
        if (!maker->used[slot]) {
            memset(packet, 0xff, TS_SIZE);
            memcpy(packet, (const uint8_t[]){0x47, 0x1f, 0xff, 0x10}, 4);
            continue;
        }
        const int pid = (packet[1] & 0x1f) << 8 | packet[2];
        if (packet[3] & 0x10) {
            counters[pid] = (uint8_t)((counters[pid] + 1) & 0x0f);
        }
        packet[3] = (uint8_t)(packet[3] | counters[pid]);
        if ((packet[3] & 0x20) != 0 && packet[4] > 0 && (packet[5] & 0x10) != 0) {
            write_pcr(maker, slot, packet);
        }
    }
}

int ts_make(enum make_fault fault, uint8_t *packets)
{
    struct maker maker = {.fault = fault, .packets = packets, .after = INT64_MIN};
    maker.used = calloc(MAKE_PACKETS, sizeof(*maker.used));
    if (maker.used == NULL) {
        return -ENOMEM;
    }
    /* First those that must lie where they lie. */
    put_clocks(&maker);
    put_tables(&maker);
    for (int64_t n = 0; n < MAKE_SECONDS * 1000 / 21 + 20; n++) {
        put_sound(&maker, n);
    }
    maker.after = INT64_MIN;
    for (int64_t n = 0; n < MAKE_SECONDS * 25 + 300; n++) {
        put_picture(&maker, n);
    }
    finish(&maker);
    free(maker.used);
    return 0;
}
