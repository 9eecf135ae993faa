/* SPDX-License-Identifier: MIT */
/*
 * bench_compile: how long it takes to compile a week of a hundred channels,
 * and a year of one, on one core.
 *
 * Prints "week S year S mb M events N": seconds of processor time, the most
 * memory that it took, and how many events there were.
 *
 * The channels are those of schedules/samples, again and again, with media
 * for every lesson; a term of 52 weeks has the sample's lessons in each.
 */
#include "scheduler/compile.h"

#include "tests/support/must.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum {
    CHANNELS = 100,
    LESSON_FRAMES = 20 * 60 * FRAMES_PER_SECOND,
    WEEK_DAYS = 7,
    YEAR_DAYS = 364
};

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static char *read_text(const char *path)
{
    char *text = calloc(1, 1 << 16);
    FILE *file = fopen(path, "r");
    MUST(text != NULL && file != NULL);
    MUST(fread(text, 1, (1 << 16) - 1, file) > 0);
    fclose(file);
    return text;
}

/* The text with the first `old` replaced. */
static char *replaced(char *text, const char *old, const char *fresh)
{
    char *at = strstr(text, old);
    char *result = NULL;
    MUST(at != NULL);
    MUST(asprintf(&result, "%.*s%s%s", (int)(at - text), text, fresh, at + strlen(old)) > 0);
    free(text);
    return result;
}

static struct timetable *load_year(void)
{
    static const char calendar_text[] =
        "format: 1\nterms: [{name: year, week_1: 2020-02-10, weeks: 52}]\n";
    struct calendar *calendar = NULL;
    struct timetable *timetable = NULL;
    struct problems problems;
    char *base = read_text("schedules/samples/xiaoxue.yaml");
    char *week =
        replaced(read_text("schedules/samples/xiaoxue-w02.yaml"), "week: 第2周", "week: 1-52");
    const struct timetable_source sources[] = {{"base.yaml", base, strlen(base)},
                                               {"week.yaml", week, strlen(week)}};
    problems_init(&problems);
    MUST(calendar_parse("c.yaml", calendar_text, strlen(calendar_text), &calendar, &problems) == 0);
    MUST(timetable_parse(sources, 2, NULL, calendar, &timetable, &problems) == 0);
    problems_finish(&problems);
    free(base);
    free(week);
    return timetable;
}

/* Media for all lessons of all channels, as a station would have it. */
static struct library *make_library(const struct timetable *timetable, const char *profile)
{
    struct library *library = library_create();
    char name[64];
    snprintf(name, sizeof(name), "%s", profile);
    unsigned number = 0;
    for (int channel = 0; channel < CHANNELS; channel++) {
        for (size_t i = 0; i < timetable->lesson_count; i++) {
            char house_number[64];
            struct library_asset asset = {
                .house_number = house_number, .profile = name, .duration = LESSON_FRAMES};
            snprintf(house_number, sizeof(house_number), channel == 0 ? "%s" : "%s-%d",
                     timetable->lessons[i].house_number, channel);
            snprintf(asset.sha256, sizeof(asset.sha256), "%064x", ++number);
            MUST(library_add(library, &asset) == 0);
        }
    }
    struct library_asset filler = {
        .house_number = (char[]){"DB-01"}, .profile = name, .kind = ASSET_FILLER, .duration = 3000};
    snprintf(filler.sha256, sizeof(filler.sha256), "%064x", ++number);
    MUST(library_add(library, &filler) == 0);
    return library;
}

/* Compiles `days` days `rounds` times, and keeps the plans as a scheduler would. */
static double measure(struct compile_input *input, int days, int rounds, size_t *events)
{
    struct plan **plans = calloc((size_t)rounds, sizeof(plans[0]));
    MUST(plans != NULL);
    input->to = input->from + (int64_t)days * DAY_SECONDS * FRAMES_PER_SECOND;
    const double start = now_s();
    for (int i = 0; i < rounds; i++) {
        MUST(compile(input, &plans[i]) == 0);
    }
    const double seconds = now_s() - start;
    for (int i = 0; i < rounds; i++) {
        *events += plans[i]->event_count;
        plan_destroy(plans[i]);
    }
    free(plans);
    return seconds;
}

int main(void)
{
    struct station *station = NULL;
    struct zone *zone = NULL;
    struct problems problems;
    problems_init(&problems);
    MUST(station_load("schedules/station.cfg", &station, &problems) == 0);
    MUST(zone_open("Asia/Shanghai", &zone) == 0);
    struct timetable *timetable = load_year();
    struct library *library = make_library(timetable, "sd");
    const struct civil monday = {.year = 2020, .month = 2, .day = 10};
    size_t week_events = 0;
    size_t year_events = 0;
    struct compile_input input = {
        .timetable = timetable,
        .library = library,
        .profile = station_profile(station, "sd"),
        .zone = zone,
        .from = zone_from_civil(zone, &monday) * FRAMES_PER_SECOND,
    };
    const double week = measure(&input, WEEK_DAYS, CHANNELS, &week_events);
    const double year = measure(&input, YEAR_DAYS, 1, &year_events);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("week %.3f year %.3f mb %.1f events %zu\n", week, year, (double)usage.ru_maxrss / 1024,
           week_events + year_events);
    library_destroy(library);
    timetable_destroy(timetable);
    zone_close(zone);
    station_destroy(station);
    problems_finish(&problems);
    return 0;
}
