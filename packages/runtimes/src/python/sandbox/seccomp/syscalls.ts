// The system calls that the sandbox decides about, by name, with their numbers on each processor; -1 where it has none.

/** The processors that the filter knows, by Node's name. */
export type Processor = 'x64' | 'arm64';

/** AUDIT_ARCH_… of linux/audit.h. */
export const AUDIT_ARCH: { readonly [processor in Processor]: number } = { x64: 0xc000003e, arm64: 0xc00000b7 };

/** A system call above this one is newer than this table: it does not exist in the sandbox. */
export const NEWEST = 450;

type Numbers = readonly [x64: number, arm64: number];
type Table = { readonly [name: string]: Numbers };

/** Refused with EPERM, whatever their arguments. */
export const REFUSED: Table = {
  // Processes: an agent makes none and looks into none.
  fork: [57, -1],
  vfork: [58, -1],
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  process_madvise: [440, 440],
  process_mrelease: [448, 448],
  pidfd_open: [434, 434],
  pidfd_getfd: [438, 438],
  pidfd_send_signal: [424, 424],
  kcmp: [312, 272],
  // Namespaces and mounts.
  unshare: [272, 97],
  setns: [308, 268],
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  // The kernel itself.
  bpf: [321, 280],
  perf_event_open: [298, 241],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  create_module: [174, -1],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  reboot: [169, 142],
  swapon: [167, 224],
  swapoff: [168, 225],
  acct: [163, 89],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  syslog: [103, 116],
  iopl: [172, -1],
  ioperm: [173, -1],
  lookup_dcookie: [212, 18],
  nfsservctl: [180, 42],
  _sysctl: [156, -1],
  uselib: [134, -1],
  ustat: [136, -1],
  sysfs: [139, -1],
  vhangup: [153, 58],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  clock_adjtime: [305, 266],
  adjtimex: [159, 171],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  personality: [135, 92],
  modify_ldt: [154, -1],
  userfaultfd: [323, 282],
  // What would disturb the whole machine, or use up what its user has.
  sync: [162, 81],
  syncfs: [306, 267],
  fanotify_init: [300, 262],
  fanotify_mark: [301, 263],
  inotify_init: [253, -1],
  inotify_init1: [294, 26],
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  // Memory and queues that no limit of a process counts.
  memfd_create: [319, 279],
  memfd_secret: [447, 447],
  shmget: [29, 194],
  shmat: [30, 196],
  shmctl: [31, 195],
  shmdt: [67, 197],
  semget: [64, 190],
  semop: [65, 193],
  semctl: [66, 191],
  semtimedop: [220, 192],
  msgget: [68, 186],
  msgsnd: [69, 189],
  msgrcv: [70, 188],
  msgctl: [71, 187],
  mq_open: [240, 180],
  mq_unlink: [241, 181],
  mbind: [237, 235],
  set_mempolicy: [238, 237],
  migrate_pages: [256, 238],
  move_pages: [279, 239],
  set_mempolicy_home_node: [450, 450],
  remap_file_pages: [216, 234],
  mlock: [149, 228],
  mlock2: [325, 284],
  mlockall: [151, 230],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  io_setup: [206, 0],
  io_submit: [209, 2],
  // Files by handle reach past what is mounted.
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  // The network: no socket at all, but for pairs. The worker's own sockets belong to the host's network: they stay as they are.
  socket: [41, 198],
  bind: [49, 200],
  connect: [42, 203],
  listen: [50, 201],
  accept: [43, 202],
  accept4: [288, 242],
};

/** Decided by their arguments. */
export const CLONE: Numbers = [56, 220];
export const IOCTL: Numbers = [16, 29];
export const FCNTL: Numbers = [72, 25];
export const PRCTL: Numbers = [157, 167];
export const SOCKETPAIR: Numbers = [53, 199];
export const SETSOCKOPT: Numbers = [54, 208];
export const GETSOCKOPT: Numbers = [55, 209];
/** Answered as if the kernel did not have it: the C library then uses clone, whose flags can be seen. */
export const CLONE3: Numbers = [435, 435];
/** Refused once the interpreter runs: bubblewrap itself needs one. */
export const EXEC: Table = { execve: [59, 221], execveat: [322, 281] };
