/* SPDX-License-Identifier: MIT */
#include "tools/meter/psi_scan.h"

#include <string.h>

static void problem(struct ts_report *report, enum ts_kind kind, const struct section *section,
                    const char *what, int value)
{
    ts_report_problem(report, kind, section->packet, section->pid, "%s (%d)", what, value);
}

bool psi_descriptors_fit(const uint8_t *bytes, int size)
{
    int at = 0;
    while (at + 2 <= size) {
        at += 2 + bytes[at + 1];
    }
    return at == size;
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

void psi_take_pat(struct psi *psi, const struct section *section, struct ts_report *report)
{
    const struct psi old = *psi;
    const int end = section->size - SECTION_CRC;
    if ((end - SECTION_HEADER) % 4 != 0) {
        problem(report, TS_SECTION_SYNTAX, section, "PAT does not come out even", section->size);
        return;
    }
    if (section_last_number(section) != 0) {
        ts_report_ungraded(report, "a PAT of several sections");
    }
    *psi = (struct psi){.has_pat = true, .transport_stream_id = section_extension(section)};
    for (int at = SECTION_HEADER; at < end; at += 4) {
        const uint8_t *entry = section->bytes + at;
        const int number = entry[0] << 8 | entry[1];
        const int pid = (entry[2] & 0x1f) << 8 | entry[3];
        if ((entry[2] & 0xe0) != 0xe0) {
            problem(report, TS_SECTION_RESERVED, section, "PAT: bits before a PID", entry[2]);
        }
        if (number == 0) {
            psi->nit_pid = pid;
            continue;
        }
        if (psi->programme_count == PSI_PROGRAMMES) {
            ts_report_ungraded(report, "more than %d programmes", PSI_PROGRAMMES);
            break;
        }
        struct psi_programme *programme = &psi->programmes[psi->programme_count++];
        const struct psi_programme *before = find(&old, number);
        *programme = (struct psi_programme){.number = number, .pmt_pid = pid};
        if (before != NULL && before->pmt_pid == pid) {
            *programme = *before;
        }
    }
}

static void take_streams(struct psi_programme *programme, const struct section *section, int at,
                         struct ts_report *report)
{
    const int end = section->size - SECTION_CRC;
    programme->stream_count = 0;
    while (at + 5 <= end) {
        const uint8_t *entry = section->bytes + at;
        const int size = (entry[3] & 0x0f) << 8 | entry[4];
        if ((entry[1] & 0xe0) != 0xe0 || (entry[3] & 0xf0) != 0xf0) {
            problem(report, TS_SECTION_RESERVED, section, "PMT: bits of a stream", entry[0]);
        }
        if (at + 5 + size > end || !psi_descriptors_fit(entry + 5, size)) {
            problem(report, TS_SECTION_SYNTAX, section, "PMT: descriptors of a stream", size);
            return;
        }
        if (programme->stream_count == PSI_STREAMS) {
            ts_report_ungraded(report, "more than %d streams in a programme", PSI_STREAMS);
            return;
        }
        programme->streams[programme->stream_count++] = (struct psi_stream){
            .stream_type = entry[0],
            .pid = (entry[1] & 0x1f) << 8 | entry[2],
        };
        at += 5 + size;
    }
    if (at != end) {
        problem(report, TS_SECTION_SYNTAX, section, "PMT does not come out even", end - at);
    }
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
    const int size = (bytes[10] & 0x0f) << 8 | bytes[11];
    if ((bytes[8] & 0xe0) != 0xe0 || (bytes[10] & 0xf0) != 0xf0) {
        problem(report, TS_SECTION_RESERVED, section, "PMT: bits of the header", bytes[8]);
    }
    if (at + size > end || !psi_descriptors_fit(bytes + at, size)) {
        problem(report, TS_SECTION_SYNTAX, section, "PMT: program_info_length", size);
        return;
    }
    programme->has_pmt = true;
    programme->pcr_pid = (bytes[8] & 0x1f) << 8 | bytes[9];
    take_streams(programme, section, at + size, report);
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
