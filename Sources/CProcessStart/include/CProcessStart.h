#ifndef C_PROCESS_START_H
#define C_PROCESS_START_H

/// How many arguments the process was started with, its own name among them.
int process_argument_count(void);

/// One of them; NULL where there is none.
const char *process_argument(int index);

#endif
