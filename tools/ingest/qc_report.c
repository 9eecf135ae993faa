/* SPDX-License-Identifier: MIT */
#include "tools/ingest/qc_report.h"

#include "playout/durable.h"
#include "tools/ingest/qc_judge.h"
#include "tools/ingest/qc_page.h"

#include <jansson.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NAME_SIZE = 256 };

static double seconds_of(int64_t time_us)
{
    return (double)time_us / 1e6;
}

static json_t *findings_json(const struct qc_report *report)
{
    const struct qc_sheet *sheet = report->sheet;
    json_t *list = json_array();
    for (int i = 0; i < sheet->finding_count; i++) {
        const struct qc_finding *finding = &sheet->findings[i];
        char sentence[QC_SENTENCE_SIZE];
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:f, s:f, s:f, s:s}", "kind",
                            qc_kind_name((enum qc_kind)finding->kind), "severity",
                            qc_severity_name(qc_judge(&report->profile->qc, finding)), "from_s",
                            seconds_of(finding->from_us), "to_s", seconds_of(finding->to_us),
                            "value", finding->value, "text", qc_sentence(finding, sentence)));
    }
    return list;
}

static json_t *curve_json(const struct qc_sheet *sheet)
{
    json_t *list = json_array();
    for (int i = 0; i < sheet->curve_count; i++) {
        json_array_append_new(list, json_real((double)sheet->curve[i]));
    }
    return list;
}

static json_t *report_json(const struct qc_report *report)
{
    const struct qc_sheet *sheet = report->sheet;
    const struct asset_record *record = report->record;
    json_t *object =
        json_pack("{s:s, s:s, s:s, s:s, s:b, s:f, s:{s:f, s:f, s:b, s:i, s:o}, s:b, s:o, s:i}",
                  "house_number", report->house_number, "profile", report->profile->name, "title",
                  report->title, "source", report->source, "ready", record != NULL, "length_s",
                  seconds_of(sheet->length_us), "sound", "lkfs", sheet->lkfs, "true_peak_dbtp",
                  sheet->peak_dbtp, "mended", sheet->mended_sides, "curve_step_s",
                  sheet->curve_step_s, "curve_lkfs", curve_json(sheet), "taken_as_is",
                  sheet->is_copy, "findings", findings_json(report), "left_out", sheet->left_out);
    if (object != NULL && record != NULL) {
        json_object_set_new(object, "asset",
                            json_pack("{s:s, s:f, s:f}", "sha256", record->sha256, "lkfs",
                                      record->loudness_lkfs, "true_peak_dbtp",
                                      record->true_peak_dbtp));
    }
    if (object != NULL && record == NULL) {
        json_object_set_new(object, "refusal", json_string(report->refusal));
    }
    return object;
}

/* A house number as the name of a file: what it may not hold is written as %2F. */
static void name_file(const struct qc_report *report, char name[NAME_SIZE])
{
    size_t used = 0;
    for (const char *at = report->house_number; *at != '\0' && used + 4 < NAME_SIZE / 2; at++) {
        const int is_plain = *at != '/' && *at != '%' && !(*at == '.' && used == 0);
        used += (size_t)snprintf(name + used, NAME_SIZE - used, is_plain ? "%c" : "%%%02X",
                                 (unsigned char)*at);
    }
    snprintf(name + used, NAME_SIZE - used, ".%s", report->profile->name);
}

/* The page, whole or not at all. */
static int save_page(const struct qc_report *report, const char *path)
{
    char *fresh = NULL;
    if (asprintf(&fresh, "%s.%d.new", path, (int)getpid()) < 0) {
        return -ENOMEM;
    }
    FILE *out = fopen(fresh, "we");
    int result = out != NULL ? qc_page_write(report, out) : -errno;
    if (out != NULL) {
        const int flushed = durable_flush(out);
        result = result < 0 ? result : flushed;
        fclose(out);
    }
    if (result == 0 && rename(fresh, path) < 0) {
        result = -errno;
    }
    if (result < 0) {
        unlink(fresh);
    }
    free(fresh);
    return result < 0 ? result : durable_sync_folder(path);
}

int qc_report_save(const struct qc_report *report, char **page)
{
    char name[NAME_SIZE];
    char *folder = NULL;
    char *data = NULL;
    json_t *object = NULL;
    int result = -ENOMEM;
    *page = NULL;
    name_file(report, name);
    if (asprintf(&folder, "%s/reports", report->media) < 0) {
        folder = NULL;
        goto cleanup;
    }
    if (asprintf(page, "%s/%s.html", folder, name) < 0) {
        *page = NULL;
        goto cleanup;
    }
    if (asprintf(&data, "%s/%s.json", folder, name) < 0) {
        data = NULL;
        goto cleanup;
    }
    object = report_json(report);
    if (object == NULL) {
        goto cleanup;
    }
    result = durable_make_folder(folder);
    result = result < 0 ? result : durable_save_json(data, object, JSON_INDENT(2));
    result = result < 0 ? result : save_page(report, *page);

cleanup:
    if (result < 0) {
        free(*page);
        *page = NULL;
    }
    json_decref(object);
    free(data);
    free(folder);
    return result;
}
