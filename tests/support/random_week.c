/* SPDX-License-Identifier: MIT */
#include "tests/support/random_week.h"

#include "tests/support/fake_index.h"

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
        fprintf(out, ", rest: %s%s}\n", rests[random_below(random, 3)],
                random_below(random, 5) == 0 ? ", fixed: true" : "");
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
        fputs("repeats: {of: last_day, loop: true, from: ", out);
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
    const struct timetable_source source = {"week.yaml", text, strlen(text)};
    if (timetable_parse(&source, 1, NULL, NULL, &timetable, &problems) < 0) {
        problems_print(&problems, stderr);
        fputs(text, stderr);
        abort();
    }
    problems_finish(&problems);
    free(text);
    return timetable;
}

enum { SLATE_FRAMES = 240, VERSIONS = 3 };

/* "L1" and version 2 -> 4c31000...2 */
static void name_asset(const char *house_number, int version, char sha256[SHA256_HEX_SIZE])
{
    snprintf(sha256, SHA256_HEX_SIZE, "%02x%02x%060d", (unsigned char)house_number[0],
             (unsigned char)house_number[1], version);
}

int64_t random_asset_length(const struct profile *profile, const char *sha256)
{
    if (sha256[0] == '\0') {
        return SLATE_FRAMES;
    }
    const int version = atoi(sha256 + 4);
    const int number = (int)strtol((char[]){sha256[2], sha256[3], '\0'}, NULL, 16) - '0';
    const int64_t grid = profile->join_grid_frames;
    const int64_t frames =
        strncmp(sha256, "46", 2) == 0 ? 301 + 333 * number : 611 + 2333 * version + number * 1237;
    return frames / grid * grid;
}

static void add(struct library *library, const struct profile *profile, const char *house_number,
                enum asset_kind kind, int version)
{
    char number[16];
    snprintf(number, sizeof(number), "%s", house_number);
    struct library_asset asset = {.house_number = number, .profile = profile->name, .kind = kind};
    name_asset(number, version, asset.sha256);
    asset.duration =
        kind == ASSET_SLATE ? SLATE_FRAMES : random_asset_length(profile, asset.sha256);
    if (library_add(library, &asset) < 0) {
        abort();
    }
}

struct library *random_library(unsigned *random, const struct profile *profile)
{
    struct library *library = library_create();
    char number[16];
    if (library == NULL) {
        abort();
    }
    for (int i = 1; i <= RANDOM_LESSONS; i++) {
        const int version = random_below(random, VERSIONS);
        snprintf(number, sizeof(number), "L%d", i);
        if (random_below(random, 5) > 0) {
            add(library, profile, number, ASSET_LESSON, version);
        }
    }
    for (int i = 1; i <= RANDOM_FILLERS; i++) {
        snprintf(number, sizeof(number), "F%d", i);
        if (random_below(random, 4) > 0) {
            add(library, profile, number, ASSET_FILLER, 0);
        }
    }
    add(library, profile, "SLATE", ASSET_SLATE, 0);
    return library;
}

static void write_index(const char *folder, const struct profile *profile, const char *house_number,
                        int version)
{
    char sha256[SHA256_HEX_SIZE];
    name_asset(house_number, version, sha256);
    const struct fake_index_spec spec = {
        .load = (enum fake_load)((house_number[1] + version) % 3),
        .frames = random_asset_length(profile, sha256),
        .has_b_frames = house_number[0] == 'L' && house_number[1] % 3 > 0,
    };
    fake_index_write(folder, sha256, profile, &spec);
}

void random_media(const char *folder, const struct profile *profile)
{
    char number[16];
    for (int i = 1; i <= RANDOM_LESSONS; i++) {
        snprintf(number, sizeof(number), "L%d", i);
        for (int version = 0; version < VERSIONS; version++) {
            write_index(folder, profile, number, version);
        }
    }
    for (int i = 1; i <= RANDOM_FILLERS; i++) {
        snprintf(number, sizeof(number), "F%d", i);
        write_index(folder, profile, number, 0);
    }
}
