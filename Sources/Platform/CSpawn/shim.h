#include <spawn.h>

// glibc 2.34 and later has it, and declares it only where _GNU_SOURCE is defined, which Swift does not do.
// https://man7.org/linux/man-pages/man3/posix_spawn.3.html
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
