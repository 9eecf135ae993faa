/* SPDX-License-Identifier: MIT */
#include "tools/inbox.h"

#include "playout/durable.h"
#include "playout/intl.h"
#include "scheduler/store/store_submission.h"
#include "scheduler/submit_take.h"
#include "tools/inbox_folder.h"
#include "tools/receipt.h"
#include "tools/submit_text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct inbox {
    const struct inbox_settings *settings;
    struct inbox_files files;
};

struct inbox *inbox_create(const struct inbox_settings *settings)
{
    struct inbox *inbox = calloc(1, sizeof(*inbox));
    if (inbox != NULL) {
        inbox->settings = settings;
    }
    return inbox;
}

void inbox_destroy(struct inbox *inbox)
{
    if (inbox != NULL) {
        inbox_files_finish(&inbox->files);
        free(inbox);
    }
}

int inbox_look(struct inbox *inbox, int64_t now_ms)
{
    return inbox_files_look(&inbox->files, inbox->settings->path, now_ms, inbox->settings->still_ms,
                            inbox->settings->trusts_ctime);
}

bool inbox_has_news(const struct inbox *inbox)
{
    for (size_t i = 0; i < inbox->files.count; i++) {
        if (inbox->files.items[i].is_still && !inbox->files.items[i].is_told) {
            return true;
        }
    }
    return false;
}

/* --- One school ---------------------------------------------------------------------------- */

struct school {
    struct inbox *inbox;
    const struct store_command *command;
    struct submit_desk *desk;
    struct inbox_counts *counts;
    const char *name;
    int folder;            /* open */
    struct film_list list; /* that came with the films; may be empty */
    FILE *asked;           /* the match list to be */
    int64_t now_ms;
};

static void read_list(struct school *school)
{
    const struct inbox_files *files = &school->inbox->files;
    for (size_t i = 0; i < files->count && school->list.count == 0; i++) {
        const struct inbox_file *file = &files->items[i];
        if (strcmp(file->school, school->name) != 0 || !film_list_is_called(file->name)) {
            continue;
        }
        struct problems problems;
        char name[SUBMIT_NAME_SIZE];
        char *bytes = NULL;
        size_t size = 0;
        problems_init(&problems);
        int result =
            inbox_folder_read(school->folder, file->name, IMPORT_FILE_BYTES_MOST, &bytes, &size);
        if (result == 0) {
            result = film_list_read(submit_name(file->name, name), bytes, size, &school->list,
                                    &problems);
            problems_print(&problems, school->asked);
        }
        problems_finish(&problems);
        free(bytes);
    }
}

static const struct film_row *row_of(const struct school *school, const char *name)
{
    for (size_t i = 0; i < school->list.count; i++) {
        if (film_list_means(&school->list.rows[i], name)) {
            return &school->list.rows[i];
        }
    }
    return NULL;
}

/* The receipt of a submission, as page and text. */
static int write_receipt(const struct school *school, const struct store_submission *submission)
{
    static const char *const endings[] = {"txt", "html"};
    int result = 0;
    for (size_t i = 0; result == 0 && i < sizeof(endings) / sizeof(endings[0]); i++) {
        char name[64];
        char *text = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&text, &size);
        if (out == NULL) {
            return -ENOMEM;
        }
        receipt_write(out, i == 1, submission, school->desk, school->command->zone);
        result = fclose(out) == 0 ? 0 : -ENOMEM;
        snprintf(name, sizeof(name), "%lld.%s", (long long)submission->id, endings[i]);
        result =
            result < 0 ? result : inbox_folder_write(school->folder, "receipts", name, text, size);
        free(text);
    }
    return result;
}

static int give_receipt(const struct school *school, int64_t id)
{
    struct store_rows rows;
    int result = store_submission_find(school->command->store, id, &rows);
    if (result == 0 && rows.count > 0) {
        const struct store_submission submission = store_submission_at(&rows, 0);
        result = write_receipt(school, &submission);
    }
    store_rows_finish(&rows);
    return result;
}

static int move_taken(const struct school *school, struct inbox_file *file,
                      const struct submit_taking *taking)
{
    const int64_t id = taking->answer.id;
    submit_text_taken(stdout, taking);
    school->counts->taken++;
    int result = give_receipt(school, id);
    /* One that was written over meanwhile stays, and comes in as another. */
    result = result < 0 ? result : inbox_folder_take(school->folder, file, id);
    if (result == 0 && taking->subtitles[0] != '\0') {
        result = inbox_folder_take_name(school->folder, taking->subtitles, id);
    }
    return result;
}

/* Somebody renames it, and it comes in the usual way. */
static void ask(struct school *school, const struct submit_taking *taking)
{
    submit_text_asked(school->asked, school->desk, taking, SUBMIT_RENAME);
    school->counts->asked++;
}

/* Not the film's own fault: the next one would fare no better. */
static bool is_of_station(int error)
{
    static const int OURS[] = {ENOMEM,    ENOSPC,     EDQUOT,       EROFS,       EBUSY,
                               ETIMEDOUT, ECONNRESET, ECONNREFUSED, EINPROGRESS, ECANCELED};
    for (size_t i = 0; i < sizeof(OURS) / sizeof(OURS[0]); i++) {
        if (error == -OURS[i]) {
            return true;
        }
    }
    return false;
}

/* Into the match list; what the film itself is refused for is not tried again while it is as it
 * is: that would copy it each time. */
static void refuse(struct school *school, struct inbox_file *file,
                   const struct submit_taking *taking)
{
    FILE *out = fmemopen(file->refusal, sizeof(file->refusal) - 1, "w");
    memset(file->refusal, 0, sizeof(file->refusal));
    if (out != NULL) {
        submit_text_failed(out, taking);
        fclose(out);
    }
    fputs(file->refusal, school->asked);
    school->counts->asked++;
    if (!file->is_told) {
        file->refusal[0] = '\0';
    }
}

static int hand_in(struct school *school, struct inbox_file *file)
{
    struct submit_taking *taking = calloc(1, sizeof(*taking));
    char name[SUBMIT_NAME_SIZE];
    char *path = NULL;
    if (taking == NULL ||
        asprintf(&path, "%s/%s/%s", school->inbox->settings->path, school->name, file->name) < 0) {
        free(taking);
        return -ENOMEM;
    }
    const struct submit_request request = {
        .store = school->command->store,
        .media = school->command->station->media,
        .row = row_of(school, file->name),
        .film = {.path = path,
                 .name = submit_name(path, name),
                 .title = "",
                 .kind = ASSET_LESSON,
                 .school = school->name,
                 .teacher = "",
                 .consent = "",
                 .batch = "",
                 .author = school->inbox->settings->author,
                 .is_strangers = true,
                 .now_ms = school->now_ms},
    };
    int result = 0;
    submit_take(school->desk, &request, taking);
    file->is_told = true;
    if (taking->outcome <= SUBMIT_KNOWN) {
        result = move_taken(school, file, taking);
    } else if (taking->outcome == SUBMIT_ASKED) {
        ask(school, taking);
    } else {
        result = is_of_station(taking->error) ? taking->error : 0;
        file->is_told = result == 0;
        refuse(school, file, taking);
        if (result < 0) {
            submit_text_failed(stderr, taking);
        }
    }
    free(path);
    free(taking);
    return result;
}

static bool waits_for(const struct school *school, const struct inbox_file *file)
{
    const struct inbox_files *files = &school->inbox->files;
    for (size_t i = 0; i < files->count; i++) {
        const struct inbox_file *other = &files->items[i];
        const bool is_with = film_list_is_called(other->name) ||
                             (submit_is_subtitles(other->name) && inbox_same_stem(other, file));
        if (strcmp(other->school, file->school) == 0 && is_with && !other->is_still) {
            return true;
        }
    }
    return !file->is_still;
}

static int hand_in_all(struct school *school)
{
    struct inbox_files *files = &school->inbox->files;
    int result = 0;
    for (size_t i = 0; result == 0 && i < files->count; i++) {
        struct inbox_file *file = &files->items[i];
        if (strcmp(file->school, school->name) != 0) {
            continue;
        }
        if (film_list_is_called(file->name) || submit_is_subtitles(file->name)) {
            file->is_told = file->is_still; /* with its films */
        } else if (file->is_told && file->refusal[0] != '\0') {
            fputs(file->refusal, school->asked);
            school->counts->asked++;
        } else if (waits_for(school, file)) {
            school->counts->waiting++;
        } else {
            result = hand_in(school, file);
        }
    }
    for (size_t i = 0; i < school->list.count; i++) {
        const struct film_row *row = &school->list.rows[i];
        char name[SUBMIT_NAME_SIZE];
        bool is_there = false;
        for (size_t k = 0; k < files->count; k++) {
            is_there = is_there || (strcmp(files->items[k].school, school->name) == 0 &&
                                    film_list_means(row, files->items[k].name));
        }
        if (!is_there && !inbox_folder_has_taken(school->folder, row)) {
            fprintf(school->asked, _("row %d: %s has not come yet\n"), row->row,
                    submit_name(row->file, name));
        }
    }
    return result;
}

/* Those whose state has changed since their receipt was written. */
static int renew_receipts(const struct school *school, const struct store_rows *submissions)
{
    int result = 0;
    for (size_t i = 0; result == 0 && i < submissions->count; i++) {
        const struct store_submission submission = store_submission_at(submissions, i);
        char name[64];
        int64_t time_ms = 0;
        snprintf(name, sizeof(name), "%lld.txt", (long long)submission.id);
        if (inbox_folder_time(school->folder, "receipts", name, &time_ms) == 0 &&
            time_ms < submission.state_ms) {
            result = write_receipt(school, &submission);
        }
    }
    return result;
}

static int work_school(struct school *school, const struct store_rows *submissions)
{
    char *text = NULL;
    size_t size = 0;
    int result = inbox_folder_open(school->inbox->settings->path, school->name, &school->folder);
    if (result < 0) {
        return result;
    }
    school->asked = open_memstream(&text, &size);
    if (school->asked == NULL) {
        inbox_folder_close(school->folder);
        return -ENOMEM;
    }
    read_list(school);
    result = hand_in_all(school);
    const int renewed = renew_receipts(school, submissions);
    result = result < 0 ? result : renewed;
    const int closed = fclose(school->asked) == 0 ? 0 : -ENOMEM;
    if (closed == 0) {
        const int written = inbox_folder_match_list(school->folder, text, size);
        result = result < 0 ? result : written;
    }
    free(text);
    film_list_finish(&school->list);
    inbox_folder_close(school->folder);
    return result;
}

int inbox_work(struct inbox *inbox, const struct store_command *command, int64_t now_ms,
               struct inbox_counts *counts)
{
    struct problems problems;
    struct submit_desk *desk = NULL;
    struct store_rows submissions = {0};
    *counts = (struct inbox_counts){0};
    problems_init(&problems);
    int result = submit_desk_create(command->station, now_ms, &desk, &problems);
    problems_finish(&problems); /* `ketang check` tells them */
    if (result == 0) {
        result = store_submission_list(command->store, &submissions);
    }
    for (size_t i = 0; result == 0 && i < inbox->files.school_count; i++) {
        struct school school = {.inbox = inbox,
                                .command = command,
                                .desk = desk,
                                .counts = counts,
                                .name = inbox->files.schools[i],
                                .now_ms = now_ms};
        char name[SUBMIT_NAME_SIZE];
        const int of_school = work_school(&school, &submissions);
        if (of_school < 0) {
            fprintf(stderr, "ketang inbox: %s: %s.\n", submit_name(school.name, name),
                    strerror(-of_school));
            result = is_of_station(of_school) ? of_school : 0; /* else of that school alone */
        }
    }
    store_rows_finish(&submissions);
    submit_desk_destroy(desk);
    return result;
}

int inbox_list(const char *path)
{
    struct inbox_files files = {.count = 0};
    int result = inbox_files_look(&files, path, 0, 0, false);
    for (size_t i = 0; result == 0 && i < files.school_count; i++) {
        char name[SUBMIT_NAME_SIZE];
        char *text = NULL;
        size_t size = 0;
        int folder = -1;
        if (inbox_folder_open(path, files.schools[i], &folder) < 0) {
            continue;
        }
        if (inbox_folder_read(folder, INBOX_MATCH_LIST, 1 << 20, &text, &size) == 0 && size > 0) {
            printf("%s\n", submit_name(files.schools[i], name));
            fwrite(text, 1, size, stdout);
        }
        free(text);
        inbox_folder_close(folder);
    }
    inbox_files_finish(&files);
    return result;
}
