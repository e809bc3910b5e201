// The stores without a disk pass the shared suites.
import { testMemoryStore, testPackStore } from '../testing/suites.ts';
import { createMemoryMemoryStore, createMemoryPackStore } from './index.ts';

testPackStore('memory', createMemoryPackStore);
testMemoryStore('memory', createMemoryMemoryStore);
