/* SPDX-License-Identifier: MIT */
/*
 * tape_shrink: makes a case that fails as small as it can be and still fail.
 */
#ifndef TESTS_SUPPORT_TAPE_SHRINK_H
#define TESTS_SUPPORT_TAPE_SHRINK_H

#include "tests/support/tape_case.h"

/* Judges a case: false when it fails. */
typedef bool tape_holds(const struct tape_shelf *shelf, const struct tape_case *of);

/*
 * Leaves out services, steps, events, seconds and settings, one by one, as
 * long as the case fails.  Returns how many cases were tried.
 */
int tape_shrink(struct tape_case *of, const struct tape_shelf *shelf, tape_holds *holds);

#endif
