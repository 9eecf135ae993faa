/* SPDX-License-Identifier: MIT */
#include "scheduler/store/timetable_files.h"

#include "playout/intl.h"
#include "scheduler/yaml_tree.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is read, and into what. */
struct reading {
    const char *folder;
    const char *channel;
    struct timetable_files *files;
    struct problems *problems;
};

void timetable_files_finish(struct timetable_files *files)
{
    for (size_t i = 0; i < 2 * files->count; i++) {
        free(files->texts[i]);
    }
    free(files->texts);
    free(files->items);
    *files = (struct timetable_files){0};
}

/* Takes `name` and `text` over. */
static int keep(struct timetable_files *files, char *name, char *text)
{
    const size_t count = files->count + 1;
    struct store_file *items = realloc(files->items, count * sizeof(*items));
    files->items = items != NULL ? items : files->items;
    char **texts = realloc(files->texts, 2 * count * sizeof(*texts));
    files->texts = texts != NULL ? texts : files->texts;
    if (items == NULL || texts == NULL) {
        free(name);
        free(text);
        return -ENOMEM;
    }
    items[files->count] = (struct store_file){name, text};
    texts[2 * files->count] = name;
    texts[2 * files->count + 1] = text;
    files->count = count;
    return 0;
}

/* The whole file, ended by a zero byte. */
static int read_text(const char *path, char **text)
{
    FILE *in = fopen(path, "re");
    if (in == NULL) {
        return -errno;
    }
    char *bytes = malloc(YAML_TREE_BYTES_MOST + 1);
    int result = bytes != NULL ? 0 : -ENOMEM;
    if (result == 0) {
        const size_t size = fread(bytes, 1, YAML_TREE_BYTES_MOST, in);
        bytes[size] = '\0';
        result = ferror(in) ? -EIO : !feof(in) && fgetc(in) != EOF ? -E2BIG : 0;
    }
    fclose(in);
    if (result < 0) {
        free(bytes);
        return result;
    }
    *text = bytes;
    return 0;
}

/* Whether a file that is no YAML says that it is the channel's. */
static bool names_channel(const char *text, const char *channel)
{
    static const char key[] = "channel:";
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, key, strlen(key)) == 0) {
            const char *value = line + strlen(key);
            value += strspn(value, " \"'");
            const size_t length = strlen(channel);
            return strncmp(value, channel, length) == 0 &&
                   strchr(" \r\n\"'#", value[length]) != NULL;
        }
    }
    return false;
}

/* Whose it is: 0 and the answer, or -EINVAL for a broken file of the channel. */
static int is_of_channel(struct reading *reading, const char *path, const char *text, bool *answer)
{
    struct yaml_tree *tree = NULL;
    struct problems found;
    problems_init(&found);
    int result = yaml_tree_parse(path, text, strlen(text), &tree, &found);
    if (result == 0) {
        const struct yaml_node *root = yaml_tree_root(tree);
        const struct yaml_node *node =
            root != NULL && root->type == YAML_TREE_MAPPING ? yaml_node_get(root, "channel") : NULL;
        *answer = node != NULL && node->type == YAML_TREE_SCALAR &&
                  strcmp(node->text, reading->channel) == 0;
    } else if (result == -EINVAL && !names_channel(text, reading->channel)) {
        *answer = false;
        result = 0;
    } else if (result == -EINVAL && found.count > 0) {
        problems_add(reading->problems, PROBLEM_ERROR, path, found.items[0].line,
                     found.items[0].column, "%s", found.items[0].text);
    }
    yaml_tree_destroy(tree);
    problems_finish(&found);
    return result;
}

static int take_file(struct reading *reading, const char *inner, const char *entry)
{
    char *path = NULL;
    char *name = NULL;
    char *text = NULL;
    bool is_wanted = inner[0] != '\0'; /* a calendar */
    int result = -ENOMEM;
    if (asprintf(&name, "%s%s", inner, entry) < 0) {
        return -ENOMEM;
    }
    if (asprintf(&path, "%s/%s", reading->folder, name) < 0) {
        free(name);
        return -ENOMEM;
    }
    result = read_text(path, &text);
    if (result < 0) {
        problems_add(reading->problems, PROBLEM_ERROR, path, 0, 0, _("cannot be read: %s"),
                     strerror(-result));
    }
    if (result == 0 && !is_wanted) {
        result = is_of_channel(reading, path, text, &is_wanted);
    }
    if (result == 0 && is_wanted) {
        result = keep(reading->files, name, text);
    } else {
        free(name);
        free(text);
    }
    free(path);
    return result;
}

static int is_yaml(const struct dirent *entry)
{
    const size_t length = strlen(entry->d_name);
    return entry->d_name[0] != '.' && length > 5 &&
           strcmp(entry->d_name + length - 5, ".yaml") == 0;
}

/* All *.yaml of a folder within: "" or "calendars/". */
static int take_folder(struct reading *reading, const char *inner)
{
    struct dirent **entries = NULL;
    char *path = NULL;
    if (asprintf(&path, "%s/%s", reading->folder, inner) < 0) {
        return -ENOMEM;
    }
    const int count = scandir(path, &entries, is_yaml, alphasort);
    int result = count < 0 && !(errno == ENOENT && inner[0] != '\0') ? -errno : 0;
    for (int i = 0; i < count; i++) {
        if (result == 0) {
            result = take_file(reading, inner, entries[i]->d_name);
        }
        free(entries[i]);
    }
    if (count >= 0) {
        free(entries);
    }
    free(path);
    return result;
}

int timetable_files_read(const char *folder, const char *channel, struct timetable_files *files,
                         struct problems *problems)
{
    struct timetable_files fresh = {0};
    struct reading reading = {folder, channel, &fresh, problems};
    int result = take_folder(&reading, "");
    if (result == 0 && fresh.count == 0) {
        problems_add(problems, PROBLEM_ERROR, folder, 0, 0, _("channel '%s' has no timetable here"),
                     channel);
        result = -ENODATA;
    }
    if (result == 0) {
        result = take_folder(&reading, "calendars/");
    }
    if (result < 0) {
        timetable_files_finish(&fresh);
        return result;
    }
    *files = fresh;
    return 0;
}
