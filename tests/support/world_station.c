/* SPDX-License-Identifier: MIT */
#include "tests/support/world_station.h"

#include "tests/support/must.h"

#include <ftw.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ANY_SLOTS = 60000, FIRST_PID = 0x100, SISTERS_MOST = 2 };

char *world_folder_create(void)
{
    const char *temporary = getenv("TMPDIR");
    char *folder = NULL;
    MUST(asprintf(&folder, "%s/ketang-case-XXXXXX", temporary != NULL ? temporary : "/tmp") > 0);
    MUST(mkdtemp(folder) != NULL);
    return folder;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

void world_folder_remove(const char *folder)
{
    nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static void write_head(FILE *out, const char *folder, const struct tape_case *of)
{
    fprintf(out,
            "# 示例 case %llu\n"
            "format = 2;\n"
            "station: {\n"
            "    name = \"示例\";\n"
            "    time_zone = \"%s\";\n"
            "    media = \"%s/media\";\n"
            "    state = \"%s/state\";\n"
            "    timetables = \"%s/schedules\";\n"
            "    guard_ms = 2000;\n"
            "    horizon_ms = 1000;\n"
            "    as_run_days = 400;\n"
            "};\n",
            (unsigned long long)of->seed, of->time_zone, folder, folder, folder);
    fprintf(out,
            "network: {\n"
            "    name = \"示例有线\";\n"
            "    network_id = 0xFF01;\n"
            "    original_network_id = 0xFF01;\n"
            "    text = \"%s\";\n"
            "    language = \"chi\";\n"
            "    country = \"CHN\";\n"
            "%s"
            "    eit_other = \"%s\";\n"
            "    eit_days = %d;\n"
            "    eit_events_per_day = %d;\n"
            "};\n",
            of->text, of->has_bouquet ? "    bouquet = \"示例组\";\n    bouquet_id = 7;\n" : "",
            of->eit_other, of->eit_days, of->eit_events_per_day);
}

/* The group "profiles" of the repository's station file. */
static void copy_profiles(FILE *out)
{
    char line[1024];
    bool is_inside = false;
    FILE *in = fopen("schedules/station.cfg", "r");
    MUST(in != NULL);
    while (fgets(line, sizeof(line), in) != NULL) {
        is_inside = is_inside || strncmp(line, "profiles:", 9) == 0;
        if (is_inside) {
            fputs(line, out);
        }
        if (is_inside && strncmp(line, ");", 2) == 0) {
            break;
        }
    }
    fclose(in);
}

/* Numbers of PIDs are the same wherever a service goes: its tape can be compared. */
static void write_service(FILE *out, const struct case_service *service, int number, bool is_first)
{
    fprintf(out,
            "%s            { name = \"channel%d\"; title = \"示例频道%d\"; provider = \"示例\"; "
            "profile = \"%s\";\n"
            "              service_id = %d; logical_channel = %d;%s\n"
            "              pmt_pid = 0x%x; video_pid = 0x%x; audio_pid = 0x%x; }",
            is_first ? "" : ",\n", number, number, service->profile, 100 + number, 800 + number,
            number == 2 ? " parental_age = 8;" : "", (unsigned)(FIRST_PID + number * 16),
            (unsigned)(FIRST_PID + number * 16 + 1), (unsigned)(FIRST_PID + number * 16 + 2));
}

static int count_services(const struct tape_case *of, int transport)
{
    int count = 0;
    for (int i = 0; i < of->service_count; i++) {
        count += of->services[i].transport == transport;
    }
    return count;
}

static void write_transport(FILE *out, const struct tape_case *of, int transport, int slots)
{
    bool is_first = true;
    fprintf(out,
            "%s    {\n"
            "        name = \"transport%d\";\n"
            "        bitrate_bps = %d;\n"
            "        transport_stream_id = %d;\n"
            "%s"
            "        services: (\n",
            transport > 0 ? ",\n" : "", transport, (slots > 0 ? slots : ANY_SLOTS) * 1504,
            transport + 1,
            transport == 0
                ? "        cable = { frequency_hz = 474000000; modulation = 64; symbol_rate = "
                  "6875000; };\n"
                : "");
    for (int i = 0; i < of->service_count; i++) {
        if (of->services[i].transport == transport) {
            write_service(out, &of->services[i], i, is_first);
            is_first = false;
        }
    }
    fprintf(out,
            "\n        );\n"
            "        outputs: ( { address = \"127.0.0.1\"; port = %d; ttl = 1; dscp = 34; } );\n"
            "    }",
            5001 + transport);
}

size_t world_station_transport(const struct tape_case *of, int transport)
{
    size_t place = 0;
    for (int i = 0; i < transport; i++) {
        place += count_services(of, i) > 0;
    }
    return place;
}

void world_station_write(const char *folder, const struct tape_case *of, const int *slots)
{
    char *path = NULL;
    MUST(asprintf(&path, "%s/station.cfg", folder) > 0);
    FILE *out = fopen(path, "w");
    MUST(out != NULL);
    write_head(out, folder, of);
    copy_profiles(out);
    fprintf(out, "transports: (\n");
    for (int i = 0; i <= SISTERS_MOST; i++) {
        if (count_services(of, i) > 0) {
            write_transport(out, of, i, slots[world_station_transport(of, i)]);
        }
    }
    fprintf(out, "\n);\n");
    MUST(fclose(out) == 0);
    free(path);
}

int world_station_load(const char *folder, const struct tape_case *of, const int *slots,
                       struct station **station)
{
    struct problems problems;
    char *path = NULL;
    world_station_write(folder, of, slots);
    MUST(asprintf(&path, "%s/station.cfg", folder) > 0);
    problems_init(&problems);
    const int result = station_load(path, station, &problems);
    problems_print(&problems, stderr);
    problems_finish(&problems);
    free(path);
    return result;
}
