/* SPDX-License-Identifier: MIT */
#include "scheduler/publish/publish_documents.h"

#include "playout/durable.h"
#include "scheduler/publish/publish_choice.h"
#include "scheduler/publish/publish_eit.h"
#include "scheduler/publish/publish_epg.h"
#include "scheduler/publish/publish_grid.h"
#include "scheduler/publish/publish_ical.h"
#include "scheduler/publish/publish_list.h"
#include "scheduler/publish/publish_xmltv.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- One file ----------------------------------------------------------------------------- */

/* A file while it is written, beside its place. */
struct document {
    char *path;
    char *temporary;
    FILE *out;
};

static int document_open(struct document *document, const char *folder, const char *name)
{
    *document = (struct document){0};
    if (asprintf(&document->path, "%s/%s", folder, name) < 0) {
        document->path = NULL;
        return -ENOMEM;
    }
    char *slash = strrchr(document->path, '/');
    *slash = '\0';
    const int result = durable_make_folder(document->path);
    *slash = '/';
    if (result < 0) {
        return result;
    }
    if (asprintf(&document->temporary, "%s.tmp", document->path) < 0) {
        document->temporary = NULL;
        return -ENOMEM;
    }
    document->out = fopen(document->temporary, "we");
    return document->out != NULL ? 0 : -errno;
}

/* Puts the file into its place when `result` is 0; returns what became of it. */
static int document_close(struct document *document, int result)
{
    if (document->out != NULL) {
        const int flushed = durable_flush(document->out);
        if (flushed < 0 && (result == 0 || result == -EIO)) {
            result = flushed; /* writers know only that it failed, the disk knows why */
        }
        if (fclose(document->out) != 0 && result == 0) {
            result = -errno;
        }
        if (result == 0 && rename(document->temporary, document->path) < 0) {
            result = -errno;
        }
        if (result < 0) {
            unlink(document->temporary);
        }
    }
    free(document->path);
    free(document->temporary);
    return result;
}

int publish_write_text(const char *folder, const char *name, const char *text)
{
    struct document document;
    int result = document_open(&document, folder, name);
    if (result == 0) {
        fputs(text, document.out);
        putc('\n', document.out);
    }
    result = document_close(&document, result);
    return result == 0 ? durable_sync_folder(folder) : result;
}

/* --- All files ------------------------------------------------------------------------------ */

struct writer {
    const struct publish_request *request;
    const struct edition *edition;
    struct timeline *const *timelines;
    struct publish_outcome *outcome;
    struct publish_choice chosen; /* channels of the request */
    const char **grades;
    char **grade_names; /* of files */
    size_t grade_count;
};

/* Writes one document of an edition. */
typedef int document_writer(const struct edition *edition, const struct publish_choice *choice,
                            const struct zone *zone, FILE *out);

static int write_document(const struct writer *writer, document_writer *write,
                          const struct publish_choice *choice, const char *name)
{
    struct document document;
    int result = document_open(&document, writer->request->folder, name);
    if (result == 0) {
        result = write(writer->edition, choice, writer->request->zone, document.out);
    }
    result = document_close(&document, result);
    writer->outcome->documents += result == 0;
    return result;
}

/* --- By grade ------------------------------------------------------------------------------- */

/* A grade as part of a file name: nothing that leads elsewhere. */
static char *file_name_of(const char *grade)
{
    char *name = strdup(grade);
    for (char *at = name; at != NULL && *at != '\0'; at++) {
        if (strchr("/\\:*?\"<>|\n", *at) != NULL || (at == name && *at == '.')) {
            *at = '_';
        }
    }
    return name;
}

/* Two grades never share a file. */
static int name_grades(struct writer *writer)
{
    writer->grade_names = calloc(writer->grade_count + 1, sizeof(writer->grade_names[0]));
    if (writer->grade_names == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < writer->grade_count; i++) {
        char *name = file_name_of(writer->grades[i]);
        for (size_t k = 0; name != NULL && k < i; k++) {
            char *longer = NULL;
            if (strcmp(writer->grade_names[k], name) == 0) {
                longer = asprintf(&longer, "%s_%zu", name, i + 1) >= 0 ? longer : NULL;
                free(name);
                name = longer;
            }
        }
        writer->grade_names[i] = name;
        if (name == NULL) {
            return -ENOMEM;
        }
    }
    return 0;
}

static bool has_grade(const struct edition_channel *channel, const char *grade)
{
    bool has = false;
    for (size_t i = 0; !has && i < channel->count; i++) {
        const struct epg_entry *entry = &channel->entries[i];
        has = entry->kind == EPG_LESSON && strcmp(entry->texts[EPG_GRADE], grade) == 0;
    }
    return has;
}

/* FOLDER/GRADE.SUFFIX of all chosen channels, and one for each when several have the grade. */
static int write_grade(const struct writer *writer, size_t grade, document_writer *write,
                       const char *folder, const char *suffix)
{
    const struct edition *edition = writer->edition;
    struct publish_choice choice = writer->chosen;
    char name[512];
    size_t having = 0;
    choice.grade = writer->grades[grade];
    snprintf(name, sizeof(name), "%s/%s.%s", folder, writer->grade_names[grade], suffix);
    int result = write_document(writer, write, &choice, name);
    for (size_t i = 0; i < edition->channel_count; i++) {
        having += publish_choice_has_channel(&writer->chosen, &edition->channels[i]) &&
                  has_grade(&edition->channels[i], choice.grade);
    }
    for (size_t i = 0; result == 0 && having > 1 && i < edition->channel_count; i++) {
        const struct edition_channel *channel = &edition->channels[i];
        if (publish_choice_has_channel(&writer->chosen, channel) &&
            has_grade(channel, choice.grade)) {
            const struct publish_choice one = {&channel->name, 1, choice.grade};
            snprintf(name, sizeof(name), "%s/%.200s-%s.%s", folder, channel->name,
                     writer->grade_names[grade], suffix);
            result = write_document(writer, write, &one, name);
        }
    }
    return result;
}

static bool is_grade_wanted(const struct publish_request *request, const char *grade)
{
    bool is_wanted = request->grade_count == 0;
    for (size_t i = 0; !is_wanted && i < request->grade_count; i++) {
        is_wanted = strcmp(request->grades[i], grade) == 0;
    }
    return is_wanted;
}

static int write_grades(const struct writer *writer, document_writer *write, const char *folder,
                        const char *suffix)
{
    int result = 0;
    for (size_t i = 0; result == 0 && i < writer->grade_count; i++) {
        if (is_grade_wanted(writer->request, writer->grades[i])) {
            result = write_grade(writer, i, write, folder, suffix);
        }
    }
    return result;
}

/* --- By channel ------------------------------------------------------------------------------ */

/* The choice is of one channel. */
static int write_list(const struct edition *edition, const struct publish_choice *choice,
                      const struct zone *zone, FILE *out)
{
    return publish_list(edition, publish_edition_channel(edition, choice->channels[0]), zone, out);
}

static int write_lists(const struct writer *writer)
{
    int result = 0;
    for (size_t i = 0; result == 0 && i < writer->edition->channel_count; i++) {
        const struct edition_channel *channel = &writer->edition->channels[i];
        const struct publish_choice one = {&channel->name, 1, NULL};
        char name[512];
        if (publish_choice_has_channel(&writer->chosen, channel)) {
            snprintf(name, sizeof(name), "list/%.200s.html", channel->name);
            result = write_document(writer, write_list, &one, name);
        }
    }
    return result;
}

/* --- By transport ----------------------------------------------------------------------------- */

enum { SECTIONS, PACKETS, INDEX, EIT_FILES };

/* The files of one kind and day. */
static int write_eit(const struct writer *writer, const struct publish_guide *guide, int64_t day,
                     bool is_pf)
{
    static const char *const suffixes[EIT_FILES] = {"sec", "ts", "csv"};
    struct document documents[EIT_FILES] = {0};
    const size_t count = is_pf ? EIT_FILES : INDEX;
    char date[WHEN_TEXT_SIZE];
    char name[512];
    int result = 0;
    for (size_t i = 0; result == 0 && i < count; i++) {
        snprintf(name, sizeof(name), "eit/%.200s/%s-%s.%s", guide->transport->name,
                 when_date_text(day, date), is_pf ? "pf" : "schedule", suffixes[i]);
        result = document_open(&documents[i], writer->request->folder, name);
    }
    if (result == 0) {
        const struct eit_files files = {documents[SECTIONS].out, documents[PACKETS].out,
                                        documents[INDEX].out};
        result =
            is_pf ? publish_eit_pf(guide, day, &files) : publish_eit_schedule(guide, day, &files);
    }
    for (size_t i = 0; i < count; i++) {
        result = document_close(&documents[i], result);
        writer->outcome->documents += result == 0;
    }
    return result;
}

static bool is_transport_wanted(const struct writer *writer, const struct transport *transport)
{
    bool is_wanted = writer->chosen.channel_count == 0;
    for (size_t i = 0; !is_wanted && i < transport->service_count; i++) {
        const struct edition_channel channel = {.name = transport->services[i].name};
        is_wanted = publish_choice_has_channel(&writer->chosen, &channel);
    }
    return is_wanted;
}

/*
 * Whether there is something to tell.  A channel whose timetable cannot be read
 * now stays as it was published: so do the files of its transport.
 */
static bool has_guide(const struct writer *writer, const struct publish_guide *guide)
{
    bool has_any = false;
    for (size_t i = 0; i < guide->transport->service_count; i++) {
        const char *name = guide->transport->services[i].name;
        if (guide->timelines[i] == NULL && publish_edition_channel(writer->edition, name) != NULL) {
            return false;
        }
        has_any |= guide->timelines[i] != NULL;
    }
    return has_any;
}

static int write_guides(const struct writer *writer)
{
    const struct station *station = writer->request->station;
    const struct zone *zone = writer->request->zone;
    const int64_t from = publish_time(zone, writer->edition->week, 0) / DAY_SECONDS;
    const int64_t to =
        (publish_time(zone, writer->edition->week + DAYS_PER_WEEK, 0) - 1) / DAY_SECONDS;
    size_t first = 0;
    int result = 0;
    for (size_t i = 0; i < station->transport_count; i++) {
        const struct transport *transport = &station->transports[i];
        const struct publish_guide guide = {station, transport, writer->timelines + first,
                                            writer->edition->number};
        const bool is_written = is_transport_wanted(writer, transport) && has_guide(writer, &guide);
        for (int64_t day = from; result == 0 && is_written && day <= to; day++) {
            result = write_eit(writer, &guide, day, false);
            if (result == 0) {
                result = write_eit(writer, &guide, day, true);
            }
        }
        first += transport->service_count;
    }
    return result;
}

/* --- All -------------------------------------------------------------------------------------- */

static int check_grades(struct writer *writer)
{
    const struct publish_request *request = writer->request;
    for (size_t i = 0; i < request->grade_count; i++) {
        bool is_there = false;
        for (size_t k = 0; !is_there && k < writer->grade_count; k++) {
            is_there = strcmp(request->grades[i], writer->grades[k]) == 0;
        }
        if (!is_there) {
            writer->outcome->missing_grade = request->grades[i];
            return -ENXIO;
        }
    }
    return 0;
}

/* Lessons, and none that names its grade. */
static bool lacks_grades(const struct writer *writer)
{
    bool has_lesson = false;
    for (size_t i = 0; i < writer->edition->channel_count; i++) {
        const struct edition_channel *channel = &writer->edition->channels[i];
        has_lesson = has_lesson || (publish_choice_has_channel(&writer->chosen, channel) &&
                                    has_grade(channel, ""));
    }
    return has_lesson && writer->grade_count == 0;
}

static int write_all(struct writer *writer)
{
    const unsigned formats = writer->request->formats;
    int result =
        publish_grades(writer->edition, &writer->chosen, &writer->grades, &writer->grade_count);
    if (result == 0) {
        result = check_grades(writer);
    }
    if (result == 0) {
        writer->outcome->lacks_grades = lacks_grades(writer);
        result = name_grades(writer);
    }
    if (result == 0 && (formats & PUBLISH_XMLTV) != 0) {
        result = write_document(writer, publish_xmltv, &writer->chosen, "epg.xml");
    }
    if (result == 0 && (formats & PUBLISH_ICAL) != 0) {
        result = write_grades(writer, publish_ical, "ics", "ics");
    }
    if (result == 0 && (formats & PUBLISH_GRID) != 0) {
        result = write_grades(writer, publish_grid, "grid", "html");
    }
    if (result == 0 && (formats & PUBLISH_LIST) != 0) {
        result = write_lists(writer);
    }
    return result == 0 && (formats & PUBLISH_EIT) != 0 ? write_guides(writer) : result;
}

int publish_documents(const struct publish_request *request, const struct edition *edition,
                      struct timeline *const *timelines, struct publish_outcome *outcome)
{
    struct writer writer = {
        .request = request,
        .edition = edition,
        .timelines = timelines,
        .outcome = outcome,
        .chosen = {request->channels, request->channel_count, NULL},
    };
    const int result = write_all(&writer);
    for (size_t i = 0; writer.grade_names != NULL && i < writer.grade_count; i++) {
        free(writer.grade_names[i]);
    }
    free(writer.grade_names);
    free(writer.grades);
    return result;
}
