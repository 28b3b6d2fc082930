/** Why a run is stopped: the system has this process end (a logout, a shutdown), and not a person the run. */
export const endedBySystem = 'ended by the system';
