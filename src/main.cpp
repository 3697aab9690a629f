#include "app/command_line.hpp"

int main(int argument_count, char** arguments) { return ticketshow::app::run(argument_count, arguments); }
