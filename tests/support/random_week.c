/* SPDX-License-Identifier: MIT */
#include "tests/support/random_week.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int random_below(unsigned *random, int below)
{
    *random = *random * 1664525u + 1013904223u;
    return (int)((*random >> 8) % (unsigned)below);
}

static void write_time(FILE *out, int minutes)
{
    fprintf(out, "\"%02d:%02d\"", minutes / 60, minutes % 60);
}

static void write_grid(FILE *out, unsigned *random, int periods)
{
    fputs("days: [mon, tue, wed, thu, fri, sat, sun]\ngrid:\n", out);
    for (int i = 0; i < periods; i++) {
        fprintf(out, "  P%d: [", i);
        for (int day = 0; day < DAYS_PER_WEEK; day++) {
            if (random_below(random, 5) == 0) {
                fputs(day > 0 ? ", ~" : "~", out);
            } else {
                fprintf(out, "%sL%d", day > 0 ? ", " : "",
                        random_below(random, RANDOM_LESSONS) + 1);
            }
        }
        fputs("]\n", out);
    }
}

char *random_week_text(unsigned *random)
{
    static const char *const rests[] = {"filler", "whole", "loop"};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    fprintf(out, "format: 1\nchannel: test\nrest: %s\nlessons:\n", rests[random_below(random, 3)]);
    for (int i = 1; i <= RANDOM_LESSONS; i++) {
        fprintf(out, "  - {house_number: L%d, title: lesson %d, teacher: t}\n", i, i);
    }
    fputs("periods:\n", out);
    int at = random_below(random, 600);
    int periods = 0;
    char breaks[2048] = "";
    for (; periods < 8 && at < 1200; periods++) {
        const int length = 1 + random_below(random, 60);
        fprintf(out, "  - {name: P%d, start: ", periods);
        write_time(out, at);
        fputs(", end: ", out);
        write_time(out, at + length);
        fprintf(out, ", rest: %s}\n", rests[random_below(random, 3)]);
        at += length;
        if (random_below(random, 2) == 0) {
            char line[128];
            snprintf(line, sizeof(line),
                     "  - {name: B%d, start: \"%02d:%02d\", end: \"%02d:%02d\"%s}\n", periods,
                     at / 60, at % 60, (at + 5) / 60, (at + 5) % 60,
                     random_below(random, 2) == 0 ? ", house_number: L1" : "");
            strcat(breaks, line);
            at += 5;
        }
        at += random_below(random, 3) * 7;
    }
    write_grid(out, random, periods);
    if (breaks[0] != '\0') {
        fprintf(out, "breaks:\n%s", breaks);
    }
    if (random_below(random, 3) > 0) {
        const int from = at + random_below(random, 1439 - at > 0 ? 1439 - at : 1);
        fputs("repeats: {from: ", out);
        write_time(out, from < 1439 ? from : 1439);
        fputs(", until: \"24:00\"", out);
        if (random_below(random, 2) == 0) {
            fprintf(out, ", pitch: %d", 3 + random_below(random, 40));
        }
        fputs("}\n", out);
    }
    fputs("fillers:\n", out);
    for (int i = 1; i <= RANDOM_FILLERS; i++) {
        fprintf(out, "  - {house_number: F%d, title: break}\n", i);
    }
    fclose(out);
    return text;
}

struct timetable *random_week(unsigned *random)
{
    struct timetable *timetable = NULL;
    struct problems problems;
    char *text = random_week_text(random);
    problems_init(&problems);
    if (timetable_parse("week.yaml", text, strlen(text), NULL, &timetable, &problems) < 0) {
        problems_print(&problems, stderr);
        fputs(text, stderr);
        abort();
    }
    problems_finish(&problems);
    free(text);
    return timetable;
}

static void add(struct library *library, const char *house_number, enum asset_kind kind,
                int64_t duration, int version)
{
    char number[16];
    char profile[] = "sd";
    snprintf(number, sizeof(number), "%s", house_number);
    struct library_asset asset = {
        .house_number = number, .profile = profile, .kind = kind, .duration = duration};
    snprintf(asset.sha256, sizeof(asset.sha256), "%02x%02x%060d", (unsigned char)number[0],
             (unsigned char)number[1], version);
    if (library_add(library, &asset) < 0) {
        abort();
    }
}

struct library *random_library(unsigned *random)
{
    struct library *library = library_create();
    char number[16];
    if (library == NULL) {
        abort();
    }
    for (int i = 1; i <= RANDOM_LESSONS; i++) {
        /* The length is part of the asset's name: one name, one length. */
        const int version = random_below(random, 3);
        snprintf(number, sizeof(number), "L%d", i);
        if (random_below(random, 5) > 0) {
            add(library, number, ASSET_LESSON, 3 * (200 + 2111 * version + i * 1237), version);
        }
    }
    for (int i = 1; i <= RANDOM_FILLERS; i++) {
        snprintf(number, sizeof(number), "F%d", i);
        if (random_below(random, 4) > 0) {
            add(library, number, ASSET_FILLER, 300 + 333 * i, 0);
        }
    }
    add(library, "SLATE-sd", ASSET_SLATE, 240, 0);
    return library;
}
