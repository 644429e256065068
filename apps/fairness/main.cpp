#include "apps/host/single_service.hpp"

int main(int argc, char** argv) {
  return liveops::apps::run_single_service("fairness", argc, argv);
}
