#include "stress/mixes/processor_time.h"

#include <cstdio>
#include <string>

#include <dirent.h>

namespace ordeal::stress {

ProcessorTime ProcessorTimeOf(pid_t process) {
  ProcessorTime sum;
  const std::string tasks = "/proc/" + std::to_string(process) + "/task";
  DIR* directory = opendir(tasks.c_str());
  if (directory == nullptr) return sum;
  while (const dirent* entry = readdir(directory)) {
    std::FILE* file = std::fopen((tasks + "/" + entry->d_name + "/schedstat").c_str(), "re");
    if (file == nullptr) continue;
    unsigned long long ran = 0, waited = 0;  // nanoseconds
    if (std::fscanf(file, "%llu %llu", &ran, &waited) == 2) sum.ran += static_cast<double>(ran) * 1e-9, sum.waited += static_cast<double>(waited) * 1e-9;
    std::fclose(file);
  }
  closedir(directory);
  return sum;
}

}  // namespace ordeal::stress
