import { addWords } from '@/words/late'
import proof from '@/words/zh-CN/proof'

addWords({ proof })
