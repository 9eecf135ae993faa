/* SPDX-License-Identifier: MIT */
#include "tools/meter/ts_check.h"

#include "tools/meter/ts_check_inner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { SYSTEM_B_SIZE = 1536, SYSTEM_RX_BPS = 1000000, SYSTEM_RB_BPS = 80000, SI_B_SIZE = 1 << 20 };

static void set_defaults(struct ts_check_options *options)
{
    options->pcr_interval_ms = options->pcr_interval_ms > 0 ? options->pcr_interval_ms : 40;
    options->psi_interval_ms = options->psi_interval_ms > 0 ? options->psi_interval_ms : 100;
    options->si_interval_ms = options->si_interval_ms > 0 ? options->si_interval_ms : 1500;
    options->tdt_interval_ms = options->tdt_interval_ms > 0 ? options->tdt_interval_ms : 15000;
    options->nit_interval_ms = options->nit_interval_ms > 0 ? options->nit_interval_ms : 10000;
    options->other_interval_ms =
        options->other_interval_ms > 0 ? options->other_interval_ms : 10000;
    options->schedule_interval_ms =
        options->schedule_interval_ms > 0 ? options->schedule_interval_ms : 10000;
    options->schedule_late_interval_ms =
        options->schedule_late_interval_ms > 0 ? options->schedule_late_interval_ms : 30000;
    options->section_gap_ms = options->section_gap_ms > 0 ? options->section_gap_ms : 30;
    if (options->slots_per_second == 0 && options->rate_bps % (TS_SIZE * 8) == 0) {
        options->slots_per_second = options->rate_bps / (TS_SIZE * 8);
    }
}

/* TBsys and Bsys; for SI PIDs, with a B that takes everything. */
static struct tstd *create_system(const struct ts_check *check, int pid, int64_t b_size,
                                  struct ts_report *report)
{
    const int64_t share_bps = check->options.rate_bps / 500;
    const struct tstd_model model = {
        .pid = pid,
        .rate_bps = check->options.rate_bps,
        .rx_bps = SYSTEM_RX_BPS,
        .b_size = b_size,
        .rb_bps = share_bps > SYSTEM_RB_BPS ? share_bps : SYSTEM_RB_BPS,
    };
    return tstd_create(&model, report);
}

struct ts_check *ts_check_create(const struct ts_check_options *options, struct ts_report *report)
{
    struct ts_check *check = calloc(1, sizeof(*check));
    if (check == NULL) {
        return NULL;
    }
    check->options = *options;
    set_defaults(&check->options);
    const struct ts_check_options *o = &check->options;
    const struct table_limits limits = {
        .rate_bps = o->rate_bps,
        .psi_ms = o->psi_interval_ms,
        .si_ms = o->si_interval_ms,
        .tdt_ms = o->tdt_interval_ms,
        .nit_ms = o->nit_interval_ms,
        .other_ms = o->other_interval_ms,
        .schedule_ms = o->schedule_interval_ms,
        .schedule_late_ms = o->schedule_late_interval_ms,
        .gap_ms = o->section_gap_ms,
        .versions_may_jump = o->versions_may_jump,
    };
    const struct si_options si_options = {o->rate_bps, o->charsets};
    check->report = report;
    check->advice = ts_report_create(NULL, 0);
    check->scan = ts_scan_create(report);
    check->tables = table_scan_create(&limits, report);
    check->si = si_create(&si_options, &check->psi, report);
    bool is_whole =
        check->advice != NULL && check->scan != NULL && check->tables != NULL && check->si != NULL;
    for (int i = 0; i < SI_PIDS; i++) {
        check->si_buffers[i] = create_system(check, FIRST_SI_PID + i, SI_B_SIZE, check->advice);
        is_whole = is_whole && check->si_buffers[i] != NULL;
    }
    if (!is_whole) {
        ts_check_destroy(check);
        return NULL;
    }
    return check;
}

void ts_check_destroy(struct ts_check *check)
{
    if (check == NULL) {
        return;
    }
    for (int pid = 0; pid < TS_PIDS; pid++) {
        section_scan_destroy(check->sections[pid]);
        es_scan_destroy(check->streams[pid]);
    }
    for (int i = 0; i < SI_PIDS; i++) {
        tstd_destroy(check->si_buffers[i]);
    }
    for (int i = 0; i < check->programme_count; i++) {
        tstd_destroy(check->programmes[i].system);
    }
    table_scan_destroy(check->tables);
    si_destroy(check->si);
    ts_scan_destroy(check->scan);
    ts_report_destroy(check->advice);
    if (check->ahead != NULL) {
        ts_report_destroy(check->ahead->report);
        ts_check_destroy(check->ahead);
    }
    free(check);
}

static int64_t rate_of(const struct ts_check *check, int pcr_pid)
{
    for (int i = 0; i < check->options.clock_count; i++) {
        if (check->options.clocks[i].pid == pcr_pid) {
            return check->options.clocks[i].rate_bps;
        }
    }
    return check->options.rate_bps;
}

/* The clock that a PCR PID keeps; of reading ahead when it is not set yet. */
static struct stc clock_of(const struct ts_check *check, int pcr_pid)
{
    const struct ts_check *ahead = check->ahead;
    for (int i = 0; ahead != NULL && i < ahead->programme_count; i++) {
        if (ahead->programmes[i].pcr.pid == pcr_pid && ahead->programmes[i].pcr.count > 0) {
            return ahead->programmes[i].pcr.first_stc;
        }
    }
    return (struct stc){.rate_bps = rate_of(check, pcr_pid)};
}

static bool is_ac3(const struct psi_stream *stream)
{
    enum { PRIVATE_PES = 0x06, AC3_DESCRIPTOR = 0x6a };
    return stream->stream_type == PRIVATE_PES && stream->coding == AC3_DESCRIPTOR;
}

static void set_up_stream(struct ts_check *check, const struct psi_stream *stream,
                          const struct stc *stc)
{
    if (check->streams[stream->pid] != NULL) {
        return;
    }
    if (es_scan_kind(stream->stream_type, is_ac3(stream)) == NULL) {
        ts_report_ungraded(check->report, "pid 0x%04x: stream_type 0x%02x", (unsigned)stream->pid,
                           (unsigned)stream->stream_type);
        return;
    }
    const struct es_scan *ahead = check->ahead != NULL ? check->ahead->streams[stream->pid] : NULL;
    const struct es_options options = {
        .pid = stream->pid,
        .stream_type = stream->stream_type,
        .is_ac3 = is_ac3(stream),
        .stc = stc,
        .frame_ticks = check->options.frame_ticks,
        .video_delay_ms = check->options.video_delay_ms,
        .audio_delay_ms = check->options.audio_delay_ms,
        .ahead = ahead,
    };
    check->streams[stream->pid] = es_scan_create(&options, check->report);
    if (check->streams[stream->pid] == NULL) {
        ts_report_ungraded(check->report, "out of memory");
    }
}

static void set_up_programme(struct ts_check *check, const struct psi_programme *psi)
{
    if (check->programme_count == PSI_PROGRAMMES) {
        return;
    }
    struct check_programme *programme = &check->programmes[check->programme_count++];
    const struct stc stc = clock_of(check, psi->pcr_pid);
    programme->psi = *psi;
    pcr_scan_init(&programme->pcr, psi->pcr_pid, &stc, check->options.pcr_interval_ms);
    programme->pcr.line = check->options.is_unsteady      ? PCR_LINE_NONE
                          : check->options.follows_clocks ? PCR_LINE_FOLLOW
                                                          : PCR_LINE_FIXED;
    if (check->options.has_first_slot) {
        programme->pcr.slots_per_second = check->options.slots_per_second;
        programme->pcr.first_slot = check->options.first_slot;
    }
    programme->system = create_system(check, psi->pmt_pid, SYSTEM_B_SIZE, check->report);
    if (programme->system == NULL) {
        ts_report_ungraded(check->report, "out of memory");
    }
    for (int i = 0; i < psi->stream_count; i++) {
        set_up_stream(check, &psi->streams[i], &programme->pcr.stc);
    }
}

static bool is_same(const struct psi_programme *a, const struct psi_programme *b)
{
    bool same = a->pcr_pid == b->pcr_pid && a->stream_count == b->stream_count;
    for (int i = 0; same && i < a->stream_count; i++) {
        same = a->streams[i].pid == b->streams[i].pid &&
               a->streams[i].stream_type == b->streams[i].stream_type;
    }
    return same;
}

/* What PAT and PMT say is set up once; that it changes later is not judged. */
static void take_programmes(struct ts_check *check)
{
    for (int i = 0; i < check->psi.programme_count; i++) {
        const struct psi_programme *psi = &check->psi.programmes[i];
        const struct check_programme *known = NULL;
        for (int k = 0; k < check->programme_count; k++) {
            if (check->programmes[k].psi.number == psi->number) {
                known = &check->programmes[k];
            }
        }
        if (!psi->has_pmt) {
            continue;
        }
        if (known == NULL) {
            set_up_programme(check, psi);
        } else if (!is_same(&known->psi, psi) && !check->says_change) {
            check->says_change = true;
            ts_report_ungraded_kind(check->report, TS_PROGRAMMES,
                                    "programme %d changes its streams", psi->number);
        }
    }
}

int ts_check_learn(struct ts_check *check, const uint8_t *packets, size_t count)
{
    struct ts_report *silent = ts_report_create(NULL, 0);
    struct ts_check *ahead = silent != NULL ? ts_check_create(&check->options, silent) : NULL;
    if (ahead == NULL) {
        ts_report_destroy(silent);
        return -ENOMEM;
    }
    ahead->options.tap = NULL;
    check->ahead = ahead;
    for (size_t i = 0; i < count; i++) {
        ts_check_packet(ahead, packets + i * TS_SIZE);
    }
    /* The access unit in hand may hold the only parameter sets. */
    for (int pid = 0; pid < TS_PIDS; pid++) {
        if (ahead->streams[pid] != NULL) {
            es_scan_finish(ahead->streams[pid]);
        }
    }
    /* What there is in the beginning; that it changes later is found when it does. */
    table_scan_destroy(ahead->tables); /* they take the most room, and have said enough */
    si_destroy(ahead->si);
    ahead->tables = NULL;
    ahead->si = NULL;
    check->psi = ahead->psi;
    for (int i = 0; i < ahead->programme_count; i++) {
        psi_restore(&check->psi, &ahead->programmes[i].psi);
    }
    take_programmes(check);
    return 0;
}

static double now_s(const struct ts_check *check, int64_t packet)
{
    if (!check->options.has_first_slot || check->options.slots_per_second == 0) {
        return -1;
    }
    return (double)(check->options.first_slot + (uint64_t)packet) /
           (double)check->options.slots_per_second;
}

static void take_section(struct ts_check *check, const struct section *section)
{
    const int table_id = section_table_id(section);
    if (check->options.tap != NULL) {
        check->options.tap->section(check->options.tap, section);
    }
    const enum table_news news = table_scan_section(check->tables, section);
    if (table_id == TABLE_PAT) {
        psi_take_pat(&check->psi, section, check->report);
        take_programmes(check);
    } else if (table_id == TABLE_PMT) {
        psi_take_pmt(&check->psi, section, check->report);
        take_programmes(check);
    } else if (table_id != TABLE_STUFFING && section->pid <= LAST_SI_PID && news != TABLE_REFUSED) {
        const struct si_coming coming = {
            .now_s = now_s(check, section->first_byte / TS_SIZE),
            .news = news,
            .is_whole = table_scan_is_whole(check->tables, section),
        };
        si_take(check->si, section, &coming);
    }
}

static void take_sections(struct ts_check *check, const struct ts_packet *packet)
{
    struct section_scan **scan = &check->sections[packet->pid];
    struct section section;
    if (*scan == NULL) {
        *scan = section_scan_create(packet->pid, check->report);
        if (*scan == NULL) {
            ts_report_ungraded(check->report, "out of memory");
            return;
        }
    }
    section_scan_feed(*scan, packet);
    while (section_scan_next(*scan, &section)) {
        take_section(check, &section);
    }
}

/* Header and stuffing stay behind; the sections go on to Bsys. */
static void feed_system(struct tstd *tstd, const struct ts_packet *packet)
{
    const int header = TS_SIZE - packet->payload_size;
    int data = packet->is_duplicate ? 0 : packet->payload_size;
    while (data > 0 && packet->payload[data - 1] == 0xff) {
        data--;
    }
    tstd_feed(tstd, packet->first_byte, header, TSTD_PACKET, 0);
    tstd_feed(tstd, packet->first_byte + header, data, TSTD_DATA, 0);
    tstd_feed(tstd, packet->first_byte + header + data, TS_SIZE - header - data, TSTD_PACKET, 0);
}

static void take_programme_packet(struct check_programme *programme, const struct ts_packet *packet,
                                  struct ts_report *report)
{
    if (packet->pid == programme->pcr.pid) {
        pcr_scan_packet(&programme->pcr, packet, report);
    }
    const bool is_system = packet->pid <= 1 || packet->pid == programme->psi.pmt_pid;
    if (is_system && programme->system != NULL) {
        feed_system(programme->system, packet);
    }
}

static void lose_place(struct ts_check *check)
{
    for (int i = 0; i < check->programme_count; i++) {
        pcr_scan_lose_place(&check->programmes[i].pcr);
    }
}

void ts_check_skip(struct ts_check *check, int64_t packets)
{
    ts_scan_skip(check->scan, packets);
    lose_place(check);
}

void ts_check_resync(struct ts_check *check, int64_t packets)
{
    ts_check_skip(check, packets);
    ts_scan_excuse(check->scan);
}

void ts_check_packet(struct ts_check *check, const uint8_t *bytes)
{
    struct ts_packet packet;
    if (!ts_scan_packet(check->scan, bytes, &packet)) {
        return;
    }
    if (check->options.tap != NULL) {
        check->options.tap->packet(check->options.tap, &packet);
    }
    if (packet.pid == TS_NULL_PID) {
        return;
    }
    if (packet.is_after_loss || packet.is_duplicate) {
        lose_place(check);
    }
    const bool is_si = packet.pid >= FIRST_SI_PID && packet.pid <= LAST_SI_PID;
    if (packet.pid <= 1 || is_si || psi_is_pmt_pid(&check->psi, packet.pid)) {
        take_sections(check, &packet);
    }
    if (is_si) {
        feed_system(check->si_buffers[packet.pid - FIRST_SI_PID], &packet);
    }
    for (int i = 0; i < check->programme_count; i++) {
        take_programme_packet(&check->programmes[i], &packet, check->report);
    }
    if (check->streams[packet.pid] != NULL) {
        es_scan_packet(check->streams[packet.pid], &packet);
    }
}

const struct psi *ts_check_psi(const struct ts_check *check)
{
    return &check->psi;
}

bool ts_check_has_changed(const struct ts_check *check)
{
    bool changed = check->says_change;
    for (int i = 0; !changed && i < check->programme_count; i++) {
        changed = psi_programme(&check->psi, check->programmes[i].psi.number) == NULL;
    }
    return changed;
}

bool ts_check_clock(const struct ts_check *check, int pcr_pid, struct stc *stc)
{
    for (int i = 0; i < check->programme_count; i++) {
        if (check->programmes[i].pcr.pid == pcr_pid && check->programmes[i].pcr.stc.is_set) {
            *stc = check->programmes[i].pcr.stc;
            return true;
        }
    }
    return false;
}

static void finish_programme(struct ts_check *check, struct check_programme *programme,
                             int64_t end_byte)
{
    const struct psi_programme *psi = &programme->psi;
    pcr_scan_finish(&programme->pcr, end_byte, check->report);
    if (programme->pcr.count == 0) {
        ts_report_ungraded_kind(check->report, TS_PCR_INTERVAL, "programme %d has no PCR",
                                psi->number);
    }
    if (programme->system != NULL) {
        tstd_finish(programme->system, 0);
    }
    table_scan_require(check->tables, psi->pmt_pid, TABLE_PMT, psi->number, 0, end_byte);
    table_scan_require(check->tables, 0x12, TABLE_EIT_PF, psi->number, 0, end_byte);
    table_scan_require(check->tables, 0x12, TABLE_EIT_PF, psi->number, 1, end_byte);
    for (int i = 0; i < psi->stream_count; i++) {
        const int pid = psi->streams[i].pid;
        if (ts_scan_pid_packets(check->scan, pid) == 0) {
            ts_report_problem(check->report, TS_MISSING_PID, 0, pid, "named by the PMT of %d",
                              psi->number);
        }
        if (check->streams[pid] != NULL) {
            es_scan_finish(check->streams[pid]);
        }
    }
}

static void finish_tables(struct ts_check *check, int64_t end_byte)
{
    table_scan_require(check->tables, 0x00, TABLE_PAT, -1, 0, end_byte);
    table_scan_require(check->tables, 0x11, TABLE_SDT, -1, 0, end_byte);
    table_scan_require(check->tables, 0x14, TABLE_TDT, -1, 0, end_byte);
    if (check->psi.nit_pid != 0 || check->options.wants_cable_tables) {
        table_scan_require(check->tables, 0x10, TABLE_NIT, -1, 0, end_byte);
    }
    if (check->options.wants_cable_tables) {
        table_scan_require(check->tables, 0x14, TABLE_TOT, -1, 0, end_byte);
    }
    table_scan_finish(check->tables, end_byte);
    si_finish(check->si, end_byte);
    for (int i = 0; i < SI_PIDS; i++) {
        tstd_finish(check->si_buffers[i], 0);
    }
}

struct si_view ts_check_view(const struct ts_check *check)
{
    return (struct si_view){&check->psi, check->si};
}

void ts_check_finish(struct ts_check *check)
{
    const int64_t end_byte = ts_scan_packets(check->scan) * TS_SIZE;
    for (int i = 0; i < check->programme_count; i++) {
        finish_programme(check, &check->programmes[i], end_byte);
    }
    finish_tables(check, end_byte);
    for (int pid = 0; pid < TS_PIDS; pid++) {
        if (ts_scan_pid_packets(check->scan, pid) > 0 && !psi_names(&check->psi, pid)) {
            ts_report_problem(check->report, TS_UNREFERENCED_PID,
                              ts_scan_pid_first(check->scan, pid), pid, "no table names it");
        }
    }
    if (!check->psi.has_pat || check->programme_count < check->psi.programme_count ||
        check->psi.programme_count == 0) {
        ts_report_ungraded_kind(check->report, TS_PROGRAMMES, "no programme, or one without PMT");
    }
}
