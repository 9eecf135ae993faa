/* SPDX-License-Identifier: MIT */
#include "tools/ingest/ingest_bar.h"

#include "playout/intl.h"
#include "tools/ingest/ingest_failure.h"
#include "tools/ingest/ingest_name.h"
#include "tools/time_left.h"

#include <string.h>

enum {
    BAR_WIDTH = 30,
    NAME_COLUMNS = 24,
    NEW_PASS_US = 1000000, /* back by more than a second: from the beginning again */
};

#define INTERVAL_S 0.2

void ingest_bar_init(struct ingest_bar *bar, FILE *out, const char *name, double now_s)
{
    char printable[512];
    const char *slash = strrchr(name, '/');
    *bar = (struct ingest_bar){.out = out, .started_s = now_s, .pass_started_s = now_s};
    bar->shown_s = now_s;
    ingest_printable(slash != NULL ? slash + 1 : name, printable, sizeof(printable));
    ingest_clip(printable, NAME_COLUMNS, bar->name, sizeof(bar->name));
}

static void draw(const struct ingest_bar *bar, double part, double speed, int left_s)
{
    char hashes[BAR_WIDTH + 1];
    const int done = (int)(part * BAR_WIDTH);
    memset(hashes, '.', BAR_WIDTH);
    memset(hashes, '#', (size_t)done);
    hashes[BAR_WIDTH] = '\0';
    fputs("\r", bar->out);
    /* TRANSLATORS: name of a file, a bar, percent, speed, minutes and seconds */
    fprintf(bar->out, _("%s [%s] %3d %% %5.1fx  %d:%02d left "), bar->name, hashes,
            (int)(part * 100), speed, left_s / 60, left_s % 60);
    fputs("\033[K", bar->out);
    fflush(bar->out);
}

void ingest_bar_show(struct ingest_bar *bar, double part, int64_t time_us, double now_s)
{
    if (time_us + NEW_PASS_US < bar->pass_us) {
        bar->pass_started_s = now_s;
    }
    bar->pass_us = time_us;
    if (bar->out == NULL || now_s - bar->shown_s < INTERVAL_S) {
        return;
    }
    bar->shown_s = now_s;
    part = part < 0 ? 0 : part > 1 ? 1 : part;
    const double spent = now_s - bar->started_s;
    const double in_pass = now_s - bar->pass_started_s;
    const double left = time_left_s(part, spent);
    draw(bar, part, in_pass > 0 ? (double)time_us / 1e6 / in_pass : 0, left > 0 ? (int)left : 0);
}

void ingest_bar_clear(const struct ingest_bar *bar)
{
    if (bar->out != NULL) {
        fputs("\r\033[K", bar->out);
        fflush(bar->out);
    }
}
