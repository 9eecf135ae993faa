/* SPDX-License-Identifier: MIT */
#include "playout/station.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define STATION_FILE "schedules/station.cfg"

/* The station file with each line that contains `find` replaced; the name is to be freed. */
static char *edited(const char *find, const char *replacement)
{
    char *path = strdup("/tmp/ketang-station-XXXXXX");
    assert_non_null(path);
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    FILE *out = fdopen(fd, "w");
    FILE *in = fopen(STATION_FILE, "r");
    assert_non_null(in);
    char line[1024];
    while (fgets(line, sizeof(line), in) != NULL) {
        if (find != NULL && strstr(line, find) != NULL) {
            fprintf(out, "%s\n", replacement);
        } else {
            fputs(line, out);
        }
    }
    fclose(in);
    fclose(out);
    return path;
}

static void the_station_of_the_repository_is_sound(void **state)
{
    (void)state;
    struct station *station = NULL;
    struct problems problems;
    problems_init(&problems);
    assert_int_equal(station_load(STATION_FILE, &station, &problems), 0);
    assert_int_equal(problems.count, 0);
    assert_int_equal(station->transport_count, 5);
    const struct transport *transport = station_transport(station, "zhangdian");
    assert_non_null(transport);
    assert_int_equal(transport->slots_per_second, 2325);
    assert_int_equal(transport->service_count, 1);
    const struct service *service = station_service(station, "zhangdian");
    assert_ptr_equal(service, &transport->services[0]);
    assert_ptr_equal(service->transport, transport);
    assert_string_equal(service->title, "张店电视课堂");
    assert_ptr_equal(service->profile, station_profile(station, "sd"));
    assert_null(station_transport(station, "boshan"));
    station_destroy(station);
}

static void outputs_are_read_with_their_defaults(void **state)
{
    (void)state;
    char *path = edited(
        "port = 5003",
        "outputs: ( { protocol = \"rtp\"; address = \"ff15::1\"; port = 5004; ttl = 9; dscp = 46; "
        "interface = \"eth7\"; ssrc = 0xCAFEF00D; }, { protocol = \"rtp\"; address = "
        "\"239.1.1.1\"; "
        "port = 5004; ttl = 9; dscp = 46; interface = \"10.0.0.2\"; }, { protocol = \"rtp\"; "
        "address = "
        "\"239.1.1.1\"; port = 5004; ttl = 9; dscp = 46; }, { protocol = \"file\"; path = "
        "\"var/tape\"; max_megabytes = 5000; } );");
    struct station *station = NULL;
    struct problems problems;
    problems_init(&problems);
    const int result = station_load(path, &station, &problems);
    problems_print(&problems, stderr);
    assert_int_equal(result, 0);
    const struct transport *transport = station_transport(station, "linzi");
    assert_int_equal(transport->output_count, 4);
    const struct output *outputs = transport->outputs;
    assert_int_equal(outputs[0].protocol, OUTPUT_RTP);
    assert_string_equal(outputs[0].interface, "eth7");
    assert_int_equal(outputs[0].ssrc, 0xcafef00d);
    assert_null(outputs[2].interface);
    assert_int_equal(outputs[1].ssrc, outputs[2].ssrc); /* that of the transport */
    assert_int_equal(outputs[3].protocol, OUTPUT_FILE);
    assert_int_equal(outputs[3].minutes, 60);
    assert_int_equal(station_transport(station, "huantai")->outputs[0].protocol, OUTPUT_UDP);
    station_destroy(station);
    problems_finish(&problems);
    unlink(path);
    free(path);
}

static void the_scheduler_has_settings_of_its_own(void **state)
{
    (void)state;
    static const struct {
        const char *find;
        const char *replacement;
        const char *store; /* its end */
        int stages;
        bool is_alone_allowed;
        int freeze_minute; /* -1: none */
    } cases[] = {
        {NULL, NULL, "/state/ketang.db", 0, true, -1},
        {"approval_stages =", "approval_stages = 3;", "/state/ketang.db", 3, true, -1},
        {"approval_alone =", "approval_alone = false;", "/state/ketang.db", 0, false, -1},
        {"approval_alone =", "freeze = \"18:05\";", "/state/ketang.db", 0, true, 1085},
        {"approval_alone =", "store = \"host=/run/db dbname=k\";", "dbname=k", 0, true, -1},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *path = edited(cases[i].find, cases[i].replacement);
        struct station *station = NULL;
        struct problems problems;
        problems_init(&problems);
        assert_int_equal(station_load(path, &station, &problems), 0);
        const struct scheduler_settings *scheduler = &station->scheduler;
        assert_non_null(strstr(scheduler->store, cases[i].store));
        assert_int_equal(scheduler->approval_stages, cases[i].stages);
        assert_int_equal(scheduler->is_alone_allowed, cases[i].is_alone_allowed);
        assert_int_equal(scheduler->has_freeze ? scheduler->freeze_minute : -1,
                         cases[i].freeze_minute);
        station_destroy(station);
        problems_finish(&problems);
        unlink(path);
        free(path);
    }
}

struct mistake {
    const char *find;
    const char *replacement;
    const char *message; /* a part of the first problem */
    int line;            /* 0: any */
};

static void each_mistake_is_told_with_line_and_setting(void **state)
{
    (void)state;
    static const struct mistake MISTAKES[] = {
        {"guard_ms", "    gaurd_ms = 2000;", "guard_ms", 0},
        {"approval_stages =", "approval_stages = 10;", "approval_stages", 27},
        {"approval_stages =", "aproval_stages = 3;", "did you mean 'approval_stages'", 27},
        {"approval_alone =", "approval_alone = 1;", "approval_alone", 28},
        {"approval_alone =", "freeze = \"24:00\";", "time of day", 28},
        {"approval_alone =", "freeze = \"-1:00\";", "time of day", 28},
        {"approval_alone =", "store = \"\";", "store", 28},
        {"time_zone", "    time_zone = \"Asia/Zibo\";", "time_zone", 12},
        {"format = 2", "format = 1;", "format", 8},
        {"vbv_bits", "vbv_bits = 5000000;", "vbv_bits", 0},
        {"vbv_rate_bps", "vbv_rate_bps = 3500000;", "vbv_rate_bps", 0},
        {"pmt_pid", "        pmt_pid = 0x12;", "pmt_pid", 0},
        {"audio_pid", "        audio_pid = 0x101;", "must differ", 0},
        {"profile = \"sd\"", "        profile = \"sdd\";", "not 'sdd'; did you mean 'sd'?", 0},
        {"profile = \"sd\"", "        profile = \"cctv\";", "of this file, not 'cctv'", 0},
        {"level = 30", "level = 21;", "level 21", 0},
        {"level = 40", "level = 31;", "raise level", 0},
        {"level = 8;", "level = 8; interlaced = 1;", "cannot be read", 0},
        {"buffer_bytes = 229376", "buffer_bytes = 229377;", "at most", 0},
        {"max_lead_ms = 400", "max_lead_ms = 450;", "picture buffer", 0},
        {"bitrate_bps = 256000", "bitrate_bps = 384000;", "sound", 0},
        {"codec = \"hevc\"", "codec = \"avs\";", "one of \"h264\"", 0},
        {"text = \"gb2312\"", "text = \"big5\";", "one of \"gb2312\"", 0},
        {"original_network_id", "original_network_id = 0;", "original_network_id", 0},
        {"transport_stream_id = 2", "transport_stream_id = 1;", "same transport_stream_id", 0},
        {"service_id = 102", "service_id = 101;", "same service_id", 0},
        {"port = 5002",
         "outputs: ( { address = \"127.0.0.1\"; port = 5001; ttl = 1; dscp = 34; } );",
         "same output", 0},
        {"port = 5003",
         "outputs: ( { address = \"localhost\"; port = 5003; ttl = 1; dscp = 34; } );",
         "numeric address", 0},
        {"port = 5003",
         "outputs: ( { protocol = \"srt\"; address = \"10.0.0.1\"; port = 5003; ttl = 1; dscp = "
         "34; "
         "} );",
         "protocol", 0},
        {"port = 5003",
         "outputs: ( { address = \"ff15::1\"; port = 5003; ttl = 1; dscp = 34; interface = "
         "\"10.0.0.2\"; } );",
         "same family", 0},
        {"port = 5003",
         "outputs: ( { protocol = \"file\"; path = \"var/tape\"; max_megabytes = 0; } );",
         "max_megabytes", 0},
        {"port = 5003",
         "outputs: ( { protocol = \"file\"; path = \"var/tape\"; max_megabytes = 10; }, { protocol "
         "= "
         "\"file\"; path = \"var/tape\"; max_megabytes = 20; } );",
         "same output folder", 0},
        {"port = 5003",
         "outputs: ( { address = \"239.1.1.1\"; port = 1; ttl = 1; dscp = 0; }, { protocol = "
         "\"rtp\"; "
         "address = \"239.1.1.1\"; port = 1; ttl = 1; dscp = 0; } );",
         "same output", 0},
        {"name = \"linzi\"", "name = \"../linzi\";", "name", 0},
        {"service_id = 104", "service_id = \"104\";", "service_id", 0},
        {"lead_frames = 14;", "lead_frames = = 14;", "cannot be read", 0},
    };
    for (size_t i = 0; i < sizeof(MISTAKES) / sizeof(MISTAKES[0]); i++) {
        char *path = edited(MISTAKES[i].find, MISTAKES[i].replacement);
        struct station *station = NULL;
        struct problems problems;
        problems_init(&problems);
        if (station_load(path, &station, &problems) != -EINVAL || station != NULL) {
            fail_msg("mistake %zu is not refused", i);
        }
        bool is_told = false;
        for (size_t k = 0; k < problems.count; k++) {
            is_told =
                is_told || (strstr(problems.items[k].text, MISTAKES[i].message) != NULL &&
                            (MISTAKES[i].line == 0 || problems.items[k].line == MISTAKES[i].line));
        }
        if (!is_told) {
            problems_print(&problems, stderr);
            fail_msg("mistake %zu is not told", i);
        }
        problems_finish(&problems);
        unlink(path);
        free(path);
    }
}

static void only_outputs_change_without_a_restart(void **state)
{
    (void)state;
    static const struct mistake CHANGES[] = {
        {"port = 5002",
         "outputs: ( { address = \"127.0.0.1\"; port = 5012; ttl = 1; dscp = 34; } );", NULL, 0},
        {"guard_ms", "    guard_ms = 3000;", "station", 0},
        {"approval_stages =", "approval_stages = 3;", NULL, 0},
        {"service_id = 104", "service_id = 114;", "transports", 0},
        {"bitrate_bps = 192000", "bitrate_bps = 160000;", "profiles", 0},
    };
    struct problems problems;
    problems_init(&problems);
    struct station *running = NULL;
    assert_int_equal(station_load(STATION_FILE, &running, &problems), 0);
    for (size_t i = 0; i < sizeof(CHANGES) / sizeof(CHANGES[0]); i++) {
        char *path = edited(CHANGES[i].find, CHANGES[i].replacement);
        struct station *fresh = NULL;
        assert_int_equal(station_load(path, &fresh, &problems), 0);
        const char *reason = station_restart_reason(running, fresh);
        if (CHANGES[i].message == NULL) {
            assert_null(reason);
        } else {
            assert_string_equal(reason, CHANGES[i].message);
        }
        station_destroy(fresh);
        unlink(path);
        free(path);
    }
    station_destroy(running);
    problems_finish(&problems);
}

static void all_mistakes_are_told_at_once(void **state)
{
    (void)state;
    char *path = edited("service_id", "        service_id = 0;");
    struct station *station = NULL;
    struct problems problems;
    problems_init(&problems);
    assert_int_equal(station_load(path, &station, &problems), -EINVAL);
    assert_int_equal(problems.errors, 5);
    problems_finish(&problems);
    unlink(path);
    free(path);
}

static void station_that_is_meant_is_the_one_that_is_named(void **state)
{
    (void)state;
    assert_int_equal(setenv("KETANG_STATION", "/named/station.cfg", 1), 0);
    assert_string_equal(station_default_path(), "/named/station.cfg");
    assert_int_equal(setenv("KETANG_STATION", "", 1), 0); /* as if it were not set */
    assert_string_equal(station_default_path(), "schedules/station.cfg");
    assert_int_equal(unsetenv("KETANG_STATION"), 0);
    assert_string_equal(station_default_path(), "schedules/station.cfg");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_station_of_the_repository_is_sound),
        cmocka_unit_test(outputs_are_read_with_their_defaults),
        cmocka_unit_test(the_scheduler_has_settings_of_its_own),
        cmocka_unit_test(each_mistake_is_told_with_line_and_setting),
        cmocka_unit_test(only_outputs_change_without_a_restart),
        cmocka_unit_test(all_mistakes_are_told_at_once),
        cmocka_unit_test(station_that_is_meant_is_the_one_that_is_named),
    };
    return cmocka_run_group_tests_name("station", tests, NULL, NULL);
}
