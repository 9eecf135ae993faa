/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "playout/asset.h"
#include "playout/station.h"
#include "tests/support/fake_media.h"

#include <errno.h>

/* SHA-256 of "abc": FIPS 180-2, appendix B.1 */
#define SHA256_OF_ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

struct house {
    char *station_path;
    struct station *station;
};

static int make_house(void **state)
{
    struct house *house = calloc(1, sizeof(*house));
    struct problems problems;
    problems_init(&problems);
    house->station_path = fake_station_file();
    const int result = station_load(house->station_path, &house->station, &problems);
    problems_finish(&problems);
    *state = house;
    return result;
}

static int remove_house(void **state)
{
    struct house *house = *state;
    fake_station_remove(house->station_path);
    station_destroy(house->station);
    free(house->station_path);
    free(house);
    return 0;
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static char *path_in(const struct house *house, const char *name)
{
    char *path = NULL;
    assert_true(asprintf(&path, "%s/%s", house->station->media, name) > 0);
    return path;
}

static struct asset_record some_record(void)
{
    return (struct asset_record){
        .sha256 = SHA256_OF_ABC,
        .house_number = (char *)(uintptr_t) "ZD-G3-MATH-001",
        .kind = ASSET_LESSON,
        .profile = (char *)(uintptr_t) "sd",
        .title = (char *)(uintptr_t) "三年级数学 “分数”\n第一课",
        .duration_frames = 67500,
        .loudness_lkfs = -24.03,
        .true_peak_dbtp = -3.1,
        .is_proven = true,
        .source = (char *)(uintptr_t) "数学 1.mp4",
        .created_ms = 1764000000123,
    };
}

static void a_record_is_read_as_it_was_written(void **state)
{
    char *path = path_in(*state, "record.json");
    const struct asset_record written = some_record();
    struct asset_record got = {0};

    assert_int_equal(asset_record_save(path, &written), 0);
    assert_int_equal(asset_record_load(path, &got), 0);

    assert_string_equal(got.sha256, written.sha256);
    assert_string_equal(got.house_number, written.house_number);
    assert_int_equal(got.kind, written.kind);
    assert_string_equal(got.profile, written.profile);
    assert_string_equal(got.title, written.title);
    assert_int_equal(got.duration_frames, written.duration_frames);
    assert_true(got.loudness_lkfs < -24.02 && got.loudness_lkfs > -24.04);
    assert_true(got.is_proven);
    assert_string_equal(got.source, written.source);
    assert_int_equal(got.created_ms, written.created_ms);
    asset_record_finish(&got);
    free(path);
}

static void what_is_no_record_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "{",
        "[]",
        "{}",
        "{\"format\": 1}",
        "{\"format\": 2, \"sha256\": \"" SHA256_OF_ABC "\"}",
        "{\"format\":1,\"sha256\":\"../../etc/passwd\",\"kind\":\"lesson\",\"proof\":\"holds\","
        "\"duration_frames\":3,\"house_number\":\"A\",\"profile\":\"sd\",\"title\":\"\","
        "\"source\":\"\"}",
        "{\"format\":1,\"sha256\":\"" SHA256_OF_ABC "\",\"kind\":\"opera\",\"proof\":\"holds\","
        "\"duration_frames\":3,\"house_number\":\"A\",\"profile\":\"sd\",\"title\":\"\","
        "\"source\":\"\"}",
        "{\"format\":1,\"sha256\":\"" SHA256_OF_ABC "\",\"kind\":\"lesson\",\"proof\":\"holds\","
        "\"duration_frames\":0,\"house_number\":\"A\",\"profile\":\"sd\",\"title\":\"\","
        "\"source\":\"\"}",
    };
    char *path = path_in(*state, "record.json");
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct asset_record record = {0};
        write_text(path, texts[i]);
        const int result = asset_record_load(path, &record);
        if (result != -EBADMSG || record.house_number != NULL) {
            fail_msg("text %zu: expected -EBADMSG, got %d", i, result);
        }
    }
    free(path);
}

static void members_of_later_versions_do_no_harm(void **state)
{
    char *path = path_in(*state, "record.json");
    struct asset_record record = {0};
    write_text(path, "{\"format\":1,\"sha256\":\"" SHA256_OF_ABC
                     "\",\"kind\":\"card\",\"proof\":\"fails\",\"duration_frames\":240,"
                     "\"house_number\":\"A\",\"profile\":\"sd\",\"title\":\"\",\"source\":\"x\","
                     "\"teacher\":{\"name\":\"王\"}}");
    assert_int_equal(asset_record_load(path, &record), 0);
    assert_int_equal(record.kind, ASSET_CARD);
    assert_false(record.is_proven);
    asset_record_finish(&record);
    free(path);
}

static void a_missing_record_says_so(void **state)
{
    char *path = path_in(*state, "none.json");
    struct asset_record record = {0};
    assert_int_equal(asset_record_load(path, &record), -ENOENT);
    free(path);
}

static void kinds_have_names(void **state)
{
    (void)state;
    for (int i = ASSET_LESSON; i <= ASSET_CARD; i++) {
        enum asset_kind kind = ASSET_LESSON;
        assert_int_equal(asset_kind_parse(asset_kind_name((enum asset_kind)i), &kind), 0);
        assert_int_equal(kind, i);
    }
    enum asset_kind kind = ASSET_SLATE;
    assert_int_equal(asset_kind_parse("Lesson", &kind), -EINVAL);
    assert_int_equal(kind, ASSET_SLATE);
}

static void a_name_by_content_has_64_small_hexadecimal_digits(void **state)
{
    (void)state;
    assert_true(asset_is_sha256(SHA256_OF_ABC));
    assert_false(asset_is_sha256(""));
    assert_false(asset_is_sha256("abc"));
    assert_false(asset_is_sha256(SHA256_OF_ABC "0"));
    assert_false(
        asset_is_sha256("BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    assert_false(
        asset_is_sha256("../816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
}

static void a_file_is_hashed_whole(void **state)
{
    char *path = path_in(*state, "abc");
    char sha256[SHA256_HEX_SIZE];
    write_text(path, "abc");
    assert_int_equal(asset_hash_file(path, sha256), 0);
    assert_string_equal(sha256, SHA256_OF_ABC);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(asset_hash_file(path, sha256), -ENOENT);
    free(path);
}

static void make_asset(const struct house *house, char sha256[SHA256_HEX_SIZE])
{
    struct dice dice = {7};
    const struct fake_spec spec = {ASSET_LESSON, FAKE_TYPICAL, 75, "LESSON-1"};
    fake_asset(house->station->media, station_profile(house->station, "sd"), &dice, &spec, sha256);
}

/* Reads every access unit of the asset from disk, then from memory: the same bytes. */
static void reading_from_disk_and_memory_gives_the_same(void **state)
{
    const struct house *house = *state;
    char sha256[SHA256_HEX_SIZE];
    struct asset *disk = NULL;
    struct asset *memory = NULL;
    make_asset(house, sha256);
    assert_int_equal(asset_open(house->station->media, sha256, false, &disk), 0);
    assert_int_equal(asset_open(house->station->media, sha256, true, &memory), 0);
    assert_string_equal(asset_sha256(disk), sha256);
    assert_int_equal(asset_verify(disk), 0);
    assert_int_equal(asset_verify(memory), 0);

    const struct asset_index *index = asset_index_of(disk);
    assert_int_equal(index->header->video_count, 75);
    uint8_t *a = malloc(index->header->max_video_size);
    uint8_t *b = malloc(index->header->max_video_size);
    for (uint32_t i = 0; i < index->header->video_count; i++) {
        assert_int_equal(asset_read(disk, index->video[i].offset, a, index->video[i].size), 0);
        assert_int_equal(asset_read(memory, index->video[i].offset, b, index->video[i].size), 0);
        assert_memory_equal(a, b, index->video[i].size);
    }
    free(a);
    free(b);
    asset_unref(memory);
    asset_unref(asset_ref(disk));
    assert_string_equal(asset_sha256(disk), sha256); /* one reference is left */
    asset_unref(disk);
    asset_unref(NULL);
}

static void an_asset_in_memory_needs_no_disk(void **state)
{
    const struct house *house = *state;
    char sha256[SHA256_HEX_SIZE];
    struct asset *memory = NULL;
    uint8_t first[16] = {0};
    make_asset(house, sha256);
    assert_int_equal(asset_open(house->station->media, sha256, true, &memory), 0);
    char *path = asset_path(house->station->media, sha256, "mp4");
    assert_int_equal(truncate(path, 0), 0);
    assert_int_equal(asset_verify(memory), 0);
    struct au_entry entry = asset_index_of(memory)->video[0];
    entry.size = sizeof(first);
    assert_int_equal(asset_read(memory, entry.offset, first, entry.size), 0);
    asset_unref(memory);
    free(path);
}

static void damage_on_disk_is_noticed(void **state)
{
    const struct house *house = *state;
    char sha256[SHA256_HEX_SIZE];
    struct asset *asset = NULL;
    make_asset(house, sha256);
    char *path = asset_path(house->station->media, sha256, "mp4");

    /* A byte changed: found by asset_verify(). */
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, 5000, SEEK_SET), 0);
    const int byte = fgetc(file);
    assert_int_equal(fseek(file, 5000, SEEK_SET), 0);
    fputc(byte ^ 1, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(asset_open(house->station->media, sha256, false, &asset), 0);
    assert_int_equal(asset_verify(asset), -EBADMSG);

    /* The end lost while it is open: no access unit is made up. */
    const struct asset_index *index = asset_index_of(asset);
    uint8_t *bytes = malloc(index->header->max_video_size);
    assert_int_equal(truncate(path, 100), 0);
    assert_int_equal(asset_read(asset, index->video[10].offset, bytes, index->video[10].size),
                     -EIO);
    free(bytes);
    asset_unref(asset);

    /* The end lost before: it does not open. */
    asset = NULL;
    assert_int_equal(asset_open(house->station->media, sha256, false, &asset), -EBADMSG);
    assert_null(asset);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(asset_open(house->station->media, sha256, false, &asset), -ENOENT);
    free(path);
}

#define WITH_HOUSE(test) cmocka_unit_test_setup_teardown(test, make_house, remove_house)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_HOUSE(a_record_is_read_as_it_was_written),
        WITH_HOUSE(what_is_no_record_is_refused),
        WITH_HOUSE(members_of_later_versions_do_no_harm),
        WITH_HOUSE(a_missing_record_says_so),
        cmocka_unit_test(kinds_have_names),
        cmocka_unit_test(a_name_by_content_has_64_small_hexadecimal_digits),
        WITH_HOUSE(a_file_is_hashed_whole),
        WITH_HOUSE(reading_from_disk_and_memory_gives_the_same),
        WITH_HOUSE(an_asset_in_memory_needs_no_disk),
        WITH_HOUSE(damage_on_disk_is_noticed),
    };
    return cmocka_run_group_tests_name("asset", tests, NULL, NULL);
}
