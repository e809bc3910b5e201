// The stores without a disk pass the shared suites.
import { testObjectStore } from '../testing/objects.ts';
import { testGrantStore, testSecretStore } from '../testing/secrets.ts';
import { testMemoryStore, testPackStore } from '../testing/suites.ts';
import {
  createMemoryGrantStore,
  createMemoryMemoryStore,
  createMemoryObjectStore,
  createMemoryPackStore,
  createMemorySecretStore,
} from './index.ts';

testPackStore('memory', createMemoryPackStore);
testMemoryStore('memory', createMemoryMemoryStore);
testObjectStore('memory', createMemoryObjectStore);
testSecretStore('memory', createMemorySecretStore);
testGrantStore('memory', createMemoryGrantStore);
