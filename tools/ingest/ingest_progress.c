/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_progress.h"

#include "tools/ingest/ingest_failure.h"
#include "tools/time_left.h"

#include <jansson.h>

#include <math.h>
#include <string.h>

enum { NAME_SIZE = 512 };

#define INTERVAL_S 0.25

void ingest_progress_init(struct ingest_progress *progress, FILE *out, const char *file,
                          double now_s)
{
    *progress = (struct ingest_progress){
        .out = out, .file = file, .house_number = "", .started_s = now_s, .shown_s = now_s};
}

/* Out of memory a line is missing. */
static void put_line(const struct ingest_progress *progress, json_t *more)
{
    char file[NAME_SIZE];
    char number[NAME_SIZE];
    const char *slash = strrchr(progress->file, '/');
    json_t *object =
        json_pack("{s:s, s:s, s:f}", "file",
                  ingest_printable(slash != NULL ? slash + 1 : progress->file, file, sizeof(file)),
                  "house_number", ingest_printable(progress->house_number, number, sizeof(number)),
                  "part", round(progress->part * 1000) / 1000);
    if (object != NULL && more != NULL && json_object_update(object, more) == 0 &&
        json_dumpf(object, progress->out, JSON_REAL_PRECISION(12)) == 0) {
        fputc('\n', progress->out);
        fflush(progress->out);
    }
    json_decref(more);
    json_decref(object);
}

static double tenths(double value)
{
    return round(value * 10) / 10;
}

void ingest_progress_show(struct ingest_progress *progress, double part, int64_t time_us,
                          double now_s)
{
    progress->part = part;
    if (progress->out == NULL || now_s - progress->shown_s < INTERVAL_S) {
        return;
    }
    progress->shown_s = now_s;
    const double left_s = time_left_s(part, now_s - progress->started_s);
    put_line(progress, json_pack("{s:f, s:o}", "film_s", tenths((double)time_us / 1e6), "left_s",
                                 left_s < 0 ? json_null() : json_real(tenths(left_s))));
}

void ingest_progress_end(struct ingest_progress *progress, const char *sha256, const char *text)
{
    if (progress->out == NULL) {
        return;
    }
    progress->part = sha256 != NULL ? 1 : progress->part;
    put_line(progress, sha256 != NULL ? json_pack("{s:s, s:s}", "result", "ready", "sha256", sha256)
                                      : json_pack("{s:s, s:s}", "result", "failed", "text", text));
}
