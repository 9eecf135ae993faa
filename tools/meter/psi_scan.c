/* SPDX-License-Identifier: MIT */
#include "tools/meter/psi_scan.h"

#include "tools/meter/si_descriptors.h"
#include "tools/meter/si_fields.h"

enum {
    TYPE_PRIVATE = 0x06,
    TYPE_AC3_ATSC = 0x81, /* ATSC A/53; DVB carries AC-3 as private data */
    TYPE_AVC = 0x1b,
    TYPE_HEVC = 0x24,
    TYPE_ADTS = 0x0f,
    TYPE_LATM = 0x11,
    NIT_PID = 0x10,
    FIRST_FREE_PID = 0x20, /* DVB keeps those below */
};

static void problem(struct ts_report *report, enum ts_kind kind, const struct section *section,
                    const char *what, int value)
{
    ts_report_problem(report, kind, section->packet, section->pid, "%s (%d)", what, value);
}

static const struct psi_programme *find(const struct psi *psi, int number)
{
    for (int i = 0; i < psi->programme_count; i++) {
        if (psi->programmes[i].number == number) {
            return &psi->programmes[i];
        }
    }
    return NULL;
}

/* Room for one more, or NULL. */
static struct psi_programme *add(struct psi *psi, struct ts_report *report)
{
    if (psi->programme_count == PSI_PROGRAMMES) {
        ts_report_ungraded_kind(report, TS_PROGRAMMES, "more than %d programmes", PSI_PROGRAMMES);
        return NULL;
    }
    return &psi->programmes[psi->programme_count++];
}

/* What the other sections named goes on, in their order. */
static void keep_sections(struct psi *psi, const struct psi *old, int first, int last,
                          struct ts_report *report)
{
    for (int i = 0; i < old->programme_count; i++) {
        const struct psi_programme *programme = &old->programmes[i];
        if (programme->pat_section >= first && programme->pat_section <= last &&
            find(psi, programme->number) == NULL) {
            struct psi_programme *kept = add(psi, report);
            if (kept == NULL) {
                return;
            }
            *kept = *programme;
        }
    }
    if (old->nit_pid != 0 && old->nit_section >= first && old->nit_section <= last) {
        psi->nit_pid = old->nit_pid;
        psi->nit_section = old->nit_section;
    }
}

static void take_nit_pid(struct psi *psi, const struct section *section, int pid,
                         struct ts_report *report)
{
    psi->nit_pid = pid;
    psi->nit_section = section_number(section);
    if (pid != NIT_PID) {
        problem(report, TS_SI_CONTENT, section, "the NIT is on PID 0x10 in DVB, not", pid);
    }
}

static void take_programme(struct psi *psi, const struct psi_programme *before,
                           const struct section *section, const struct psi_programme *said,
                           struct ts_report *report)
{
    if (said->pmt_pid < FIRST_FREE_PID || said->pmt_pid >= TS_NULL_PID) {
        problem(report, TS_SI_CONTENT, section, "no PID for a PMT", said->pmt_pid);
    }
    struct psi_programme *programme = NULL;
    for (int i = 0; i < psi->programme_count; i++) {
        programme = psi->programmes[i].number == said->number ? &psi->programmes[i] : programme;
    }
    if (programme != NULL && programme->pat_version == said->pat_version) {
        problem(report, TS_SI_CONTENT, section, "a programme twice in the PAT", said->number);
        return;
    }
    programme = programme != NULL ? programme : add(psi, report);
    if (programme == NULL) {
        return;
    }
    *programme = before != NULL && before->pmt_pid == said->pmt_pid ? *before : *said;
    programme->pat_section = said->pat_section;
    programme->pat_version = said->pat_version;
}

void psi_take_pat(struct psi *psi, const struct section *section, struct ts_report *report)
{
    const struct psi old = *psi;
    const int end = section->size - SECTION_CRC;
    const int here = section_number(section);
    if ((end - SECTION_HEADER) % 4 != 0) {
        problem(report, TS_SECTION_SYNTAX, section, "PAT does not come out even", section->size);
        return;
    }
    if (section_last_number(section) != 0) {
        problem(report, TS_HOUSE, section, "a PAT of several sections",
                section_last_number(section) + 1);
    }
    *psi = (struct psi){.has_pat = true, .transport_stream_id = section_extension(section)};
    keep_sections(psi, &old, 0, here - 1, report);
    for (int at = SECTION_HEADER; at < end; at += 4) {
        const uint8_t *entry = section->bytes + at;
        const struct psi_programme said = {.number = si_be16(entry),
                                           .pmt_pid = si_be16(entry + 2) & 0x1fff,
                                           .pat_section = here,
                                           .pat_version = section_version(section)};
        if ((entry[2] & 0xe0) != 0xe0) {
            problem(report, TS_SECTION_RESERVED, section, "PAT: bits before a PID", entry[2]);
        }
        if (said.number == 0) {
            take_nit_pid(psi, section, said.pmt_pid, report);
        } else {
            take_programme(psi, find(&old, said.number), section, &said, report);
        }
    }
    keep_sections(psi, &old, here + 1, section_last_number(section), report);
}

/* Which descriptor says what a stream is, and which stream_types it may be on. */
static const struct {
    int tag;
    int types[3]; /* ends with 0 */
} CODINGS[] = {
    {DESCRIPTOR_AC3, {TYPE_PRIVATE}},         {DESCRIPTOR_EAC3, {TYPE_PRIVATE}},
    {DESCRIPTOR_TELETEXT, {TYPE_PRIVATE}},    {DESCRIPTOR_SUBTITLING, {TYPE_PRIVATE}},
    {DESCRIPTOR_AAC, {TYPE_ADTS, TYPE_LATM}}, {DESCRIPTOR_AVC_VIDEO, {TYPE_AVC}},
    {DESCRIPTOR_AVC_TIMING, {TYPE_AVC}},      {DESCRIPTOR_HEVC_VIDEO, {TYPE_HEVC}},
};

static void read_descriptors(struct psi_stream *stream, const struct section *section,
                             const uint8_t *bytes, int size, struct ts_report *report)
{
    const uint8_t *d = si_find_descriptor(bytes, size, DESCRIPTOR_STREAM_IDENTIFIER, NULL);
    stream->component_tag = d != NULL && d[1] == 1 ? d[2] : -1;
    d = si_find_descriptor(bytes, size, DESCRIPTOR_LANGUAGE, NULL);
    for (int i = 0; d != NULL && d[1] >= 4 && i < 3; i++) {
        stream->language[i] = d[2 + i] >= 'A' && d[2 + i] <= 'z' ? (char)d[2 + i] : '?';
    }
    for (size_t i = 0; i < sizeof(CODINGS) / sizeof(CODINGS[0]); i++) {
        if (si_find_descriptor(bytes, size, CODINGS[i].tag, NULL) == NULL) {
            continue;
        }
        stream->coding = stream->coding == 0 ? CODINGS[i].tag : stream->coding;
        if (stream->stream_type != CODINGS[i].types[0] &&
            stream->stream_type != CODINGS[i].types[1]) {
            ts_report_problem(report, TS_SI_CONTENT, section->packet, section->pid,
                              "descriptor 0x%02x of a stream of type 0x%02x",
                              (unsigned)CODINGS[i].tag, (unsigned)stream->stream_type);
        }
    }
    if (stream->stream_type == TYPE_AC3_ATSC) {
        problem(report, TS_SI_CONTENT, section, "AC-3 belongs on stream_type 6 in DVB",
                stream->stream_type);
    }
}

/* A PID or component_tag that another stream of the programme has already. */
static void judge_stream(const struct psi_programme *programme, const struct psi_stream *stream,
                         const struct section *section, struct ts_report *report)
{
    if (stream->pid < FIRST_FREE_PID || stream->pid >= TS_NULL_PID || stream->pid == section->pid) {
        problem(report, TS_SI_CONTENT, section, "no PID for a stream", stream->pid);
    }
    for (int i = 0; i < programme->stream_count; i++) {
        const struct psi_stream *other = &programme->streams[i];
        if (other->pid == stream->pid) {
            problem(report, TS_SI_CONTENT, section, "two streams on one PID", stream->pid);
        }
        if (stream->component_tag >= 0 && other->component_tag == stream->component_tag) {
            problem(report, TS_SI_CONTENT, section, "two streams with one component_tag",
                    stream->component_tag);
        }
    }
}

static void take_streams(struct psi_programme *programme, const struct section *section, int at,
                         struct ts_report *report)
{
    const int end = section->size - SECTION_CRC;
    const struct si_context context = {section, NULL, report};
    programme->stream_count = 0;
    while (at + 5 <= end) {
        const uint8_t *entry = section->bytes + at;
        const int size = si_be12(entry + 3);
        if ((entry[1] & 0xe0) != 0xe0 || (entry[3] & 0xf0) != 0xf0) {
            problem(report, TS_SECTION_RESERVED, section, "PMT: bits of a stream", entry[0]);
        }
        if (at + 5 + size > end) {
            problem(report, TS_SECTION_SYNTAX, section, "PMT: descriptors of a stream", size);
            return;
        }
        if (!si_judge_descriptors(&context, IN_STREAM, entry + 5, size)) {
            return;
        }
        if (programme->stream_count == PSI_STREAMS) {
            ts_report_ungraded_kind(report, TS_PROGRAMMES, "more than %d streams in a programme",
                                    PSI_STREAMS);
            return;
        }
        struct psi_stream stream = {
            .stream_type = entry[0],
            .pid = si_be16(entry + 1) & 0x1fff,
        };
        read_descriptors(&stream, section, entry + 5, size, report);
        judge_stream(programme, &stream, section, report);
        programme->streams[programme->stream_count++] = stream;
        at += 5 + size;
    }
    if (at != end) {
        problem(report, TS_SECTION_SYNTAX, section, "PMT does not come out even", end - at);
    }
}

/* program_info_length and the loop behind it; false when it does not fit. */
static bool judge_programme_info(const struct section *section, int at, int size,
                                 struct ts_report *report)
{
    const struct si_context context = {section, NULL, report};
    if (at + size > section->size - SECTION_CRC) {
        problem(report, TS_SECTION_SYNTAX, section, "PMT: program_info_length", size);
        return false;
    }
    return si_judge_descriptors(&context, IN_PROGRAMME, section->bytes + at, size);
}

void psi_take_pmt(struct psi *psi, const struct section *section, struct ts_report *report)
{
    const int number = section_extension(section);
    struct psi_programme *programme = NULL;
    for (int i = 0; i < psi->programme_count; i++) {
        if (psi->programmes[i].number == number && psi->programmes[i].pmt_pid == section->pid) {
            programme = &psi->programmes[i];
        }
    }
    if (programme == NULL) {
        if (psi->has_pat) {
            problem(report, TS_SI_CONTENT, section, "PMT of a programme that the PAT lacks",
                    number);
        }
        return;
    }
    const uint8_t *bytes = section->bytes;
    const int at = SECTION_HEADER + 4;
    const int end = section->size - SECTION_CRC;
    if (section_last_number(section) != 0 || at > end) {
        problem(report, TS_SECTION_SYNTAX, section, "PMT: sections", section_last_number(section));
        return;
    }
    const int size = si_be12(bytes + 10);
    const int pcr_pid = si_be16(bytes + 8) & 0x1fff;
    if ((bytes[8] & 0xe0) != 0xe0 || (bytes[10] & 0xf0) != 0xf0) {
        problem(report, TS_SECTION_RESERVED, section, "PMT: bits of the header", bytes[8]);
    }
    if (pcr_pid < FIRST_FREE_PID || pcr_pid == section->pid) {
        problem(report, TS_SI_CONTENT, section, "no PID for a PCR", pcr_pid);
    }
    if (!judge_programme_info(section, at, size, report)) {
        return;
    }
    programme->has_pmt = true;
    programme->pcr_pid = pcr_pid;
    take_streams(programme, section, at + size, report);
}

void psi_restore(struct psi *psi, const struct psi_programme *before)
{
    for (int i = 0; i < psi->programme_count; i++) {
        struct psi_programme *programme = &psi->programmes[i];
        if (programme->number == before->number && programme->pmt_pid == before->pmt_pid) {
            *programme = *before;
        }
    }
}

bool psi_is_pmt_pid(const struct psi *psi, int pid)
{
    for (int i = 0; i < psi->programme_count; i++) {
        if (psi->programmes[i].pmt_pid == pid) {
            return true;
        }
    }
    return false;
}

const struct psi_programme *psi_programme(const struct psi *psi, int number)
{
    return find(psi, number);
}

bool psi_names(const struct psi *psi, int pid)
{
    if (pid <= 0x02 || (pid >= 0x10 && pid <= 0x14) || pid == 0x1e || pid == 0x1f ||
        pid == TS_NULL_PID || psi_is_pmt_pid(psi, pid)) {
        return true;
    }
    for (int i = 0; i < psi->programme_count; i++) {
        const struct psi_programme *programme = &psi->programmes[i];
        if (programme->has_pmt && programme->pcr_pid == pid) {
            return true;
        }
        for (int k = 0; k < programme->stream_count; k++) {
            if (programme->streams[k].pid == pid) {
                return true;
            }
        }
    }
    return false;
}
